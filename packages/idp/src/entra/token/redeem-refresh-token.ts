import type { Settings } from '../../model/settings.ts'
import { tenantById } from '../directory/tenants.ts'
import {
  isRefusal,
  missing,
  notInTenant,
  type Refusal,
  refreshTokenEnded,
  refreshTokenExpired,
  refreshTokenRevoked,
  refreshTokenUnknown,
} from '../errors/refusals.ts'
import type { Entra } from '../state/entra.ts'
import type { RefreshToken, SignInGrant } from '../state/refresh-tokens.ts'
import { readGrantedRequest } from './issue-for-grant.ts'
import type { Issue } from './issue-tokens.ts'
import type { Redemption } from './redemption.ts'

/** Redeems a refresh token (RFC 6749 §6). It is valid for all resources with consent and all tenants of the user. */
export function redeemRefreshToken(entra: Entra, redemption: Redemption): Issue | Refusal {
  const { call, client } = redemption
  const { parameters } = call
  const settings = entra.state.settings.get()
  const value = parameters.get('refresh_token')
  if (value === null) return missing('refresh_token')
  const token = entra.refreshTokens.find(value)
  const isOfPolicy = token?.grant.policy?.toLowerCase() === call.policy?.toLowerCase()
  if (!token || !isOfPolicy || token.grant.clientId !== client.clientId)
    return refreshTokenUnknown()
  const dead = deathOf(
    token,
    settings,
    client.credentials !== undefined || client.isNative === true,
  )
  if (dead) {
    if (token.fate === 'used' && settings.refreshTokenReuse === 'ends')
      entra.refreshTokens.end(value)
    return dead
  }

  const { grant } = token
  const tenant =
    typeof redemption.tenant === 'string' ? tenantById(grant.tenantId) : redemption.tenant
  const identity = tenant && entra.directory.identity(grant.username, tenant)
  if (!identity) return notInTenant('invalid_grant', grant.username, tenant?.name ?? '')

  const request = readGrantedRequest(entra, redemption, { grant, identity })
  if (isRefusal(request)) return request
  return {
    ...request,
    grant,
    identity,
    client,
    nonce: undefined,
    wantsIdToken: request.wantsIdToken && settings.signedIdTokenOnRefresh,
    refreshToken: settings.rotateRefreshTokens ? rotate(entra, value, grant) : value,
  }
}

/** The error for a revoked, expired or used token. Rotation does not extend the lifetime. */
function deathOf(
  { fate, grant, usedAtMs = 0 }: RefreshToken,
  settings: Settings,
  isLasting: boolean,
): Refusal | undefined {
  const { refreshTokenReuse, refreshTokenGrace } = settings
  const issuedAt = new Date(grant.signedInAtMs).toISOString()
  if (fate === 'revoked') return refreshTokenRevoked(issuedAt)
  const lifetime = isLasting ? settings.refreshTokenLifetime : settings.spaRefreshTokenLifetime
  if (Date.now() - grant.signedInAtMs >= lifetime * 1000) {
    return isLasting ? refreshTokenExpired() : refreshTokenEnded(timeSpan(lifetime), issuedAt)
  }
  const isInGrace = Date.now() - usedAtMs < refreshTokenGrace * 1000
  return fate === 'used' && refreshTokenReuse !== 'allowed' && !isInGrace
    ? refreshTokenUnknown()
    : undefined
}

function rotate({ refreshTokens }: Entra, value: string, grant: SignInGrant): string {
  refreshTokens.use(value)
  return refreshTokens.issue(grant)
}

/** The time span in the format of .NET: `1.00:00:00` is one day. */
function timeSpan(seconds: number): string {
  const days = Math.floor(seconds / 86_400)
  return `${days}.${new Date((seconds % 86_400) * 1000).toISOString().slice(11, 19)}`
}
