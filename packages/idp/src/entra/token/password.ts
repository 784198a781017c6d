import { randomUUID } from 'node:crypto'
import { PASSWORD } from '../../accounts/users.ts'
import { missing, type Refusal, refusal } from '../errors/refusals.ts'
import type { Entra } from '../state/entra.ts'
import type { SignInGrant } from '../state/refresh-tokens.ts'
import { issueForGrant } from './issue-for-grant.ts'
import type { Issue } from './issue-tokens.ts'
import type { Redemption } from './redemption.ts'

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
  return issueForGrant(entra, redemption, { grant, identity })
}
