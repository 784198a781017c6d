import { isExpired } from '../device/expiry.ts'
import { tenantById } from '../directory/tenants.ts'
import { credentialNeeded } from '../errors/client-refusals.ts'
import {
  authorizationDeclined,
  authorizationPending,
  badVerificationCode,
  deviceCodeExpired,
} from '../errors/device-refusals.ts'
import { isRefusal, missing, type Refusal } from '../errors/refusals.ts'
import type { Entra } from '../state/entra.ts'
import { issueForGrant } from './issue-for-grant.ts'
import type { Issue } from './issue-tokens.ts'
import type { Redemption } from './redemption.ts'

export const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code'

/** Answers the poll of a device (RFC 8628 §3.4), with the errors of Entra. */
export function redeemDeviceCode(entra: Entra, redemption: Redemption): Issue | Refusal {
  const { call, client } = redemption
  const { deviceCodes, directory, state } = entra
  // Entra takes a client without "Allow public client flows" for a confidential one.
  if (!client.isNative) return credentialNeeded()
  const value = call.parameters.get('device_code')
  if (value === null) return missing('device_code')
  const device = deviceCodes.find(value)
  if (device?.request.client.clientId !== client.clientId) return badVerificationCode()
  if (isExpired(device, state.settings.get())) return deviceCodeExpired()
  const { decision } = device
  if (decision === undefined) return authorizationPending()
  deviceCodes.end(value)
  if (decision === 'declined') return authorizationDeclined()
  const tenant = tenantById(decision.tenantId)
  const identity = tenant && directory.identity(decision.username, tenant)
  if (!identity) return badVerificationCode()
  const issue = issueForGrant(entra, redemption, { grant: decision, identity })
  if (isRefusal(issue)) return issue
  // The sign-in asked for `openid`; the poll repeats no scope.
  return { ...issue, wantsIdToken: decision.scope.split(' ').includes('openid') }
}
