import { randomUUID } from 'node:crypto'
import { PASSWORD } from '../../accounts/users.ts'
import { isRefusal, mfaRequired, missing, type Refusal, refusal } from '../errors/refusals.ts'
import { policyChallenge, requiredFactors } from '../requests/factors.ts'
import type { Entra } from '../state/entra.ts'
import type { SignInGrant } from '../state/refresh-tokens.ts'
import type { Issue } from './issue-tokens.ts'
import { type Redemption, readTokenRequest } from './redemption.ts'

const wrongPassword = () =>
  refusal(
    'invalid_grant',
    50126,
    'Error validating credentials due to invalid username or password.',
  )

/** Redeems a user name and a password (RFC 6749 §4.3), of native clients only. It never satisfies a second factor. */
export function redeemPassword(entra: Entra, redemption: Redemption): Issue | Refusal {
  const { call, client, tenant } = redemption
  const { parameters } = call
  const username = parameters.get('username')?.toLowerCase()
  if (username === undefined) return missing('username')
  const user = entra.directory
    .usersOf(tenant)
    .find((one) => [one.username, one.email].some((name) => name.toLowerCase() === username))
  const identity = user && entra.directory.identity(user.username, tenant)
  if (!user || !identity || parameters.get('password') !== PASSWORD) return wrongPassword()
  const grant: SignInGrant = {
    username: user.username,
    tenantId: identity.tenant.id,
    clientId: client.clientId,
    sid: randomUUID(),
    signedInAtMs: Date.now(),
    factors: new Set(),
    scope: parameters.get('scope') ?? '',
  }
  const request = readTokenRequest(entra, redemption, { grant, identity, claims: null })
  if (isRefusal(request)) return request
  const demanded = [...requiredFactors(entra.state.settings.get()), ...request.claims.contexts]
  if (demanded.length > 0) return mfaRequired(parameters.get('claims') ?? policyChallenge)
  const isLasting = grant.scope.split(' ').includes('offline_access')
  const refreshToken = isLasting ? entra.refreshTokens.issue(grant) : undefined
  return { ...request, grant, identity, client, nonce: undefined, refreshToken }
}
