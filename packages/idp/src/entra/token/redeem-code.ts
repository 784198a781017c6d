import { createHash } from 'node:crypto'
import { tenantById } from '../directory/tenants.ts'
import {
  codeRedeemed,
  codeUnknown,
  isRefusal,
  missing,
  otherRedirectUri,
  type Refusal,
  wrongVerifier,
} from '../errors/refusals.ts'
import type { Entra } from '../state/entra.ts'
import type { SignInGrant } from '../state/refresh-tokens.ts'
import type { Issue } from './issue-tokens.ts'
import { type Redemption, readTokenRequest } from './redemption.ts'

/** Redeems an authorization code (RFC 6749 §4.1.3, RFC 7636 §4.5). */
export function redeemCode(entra: Entra, redemption: Redemption): Issue | Refusal {
  const { call, client } = redemption
  const { parameters } = call
  const value = parameters.get('code')
  if (value === null) return missing('code')
  const code = entra.codes.take(value)
  if (code === 'redeemed') return codeRedeemed()
  const tenant = tenantById(code?.grant.tenantId ?? '')
  const identity = code && tenant && entra.directory.identity(code.grant.username, tenant)
  if (!code || !identity || code.grant.clientId !== client.clientId) return codeUnknown()

  if (code.grant.policy?.toLowerCase() !== call.policy?.toLowerCase()) return codeUnknown()
  const { codeChallenge, claims, grant, nonce, redirectUri } = code
  const asked = parameters.get('redirect_uri') ?? ''
  if (asked !== redirectUri) return otherRedirectUri(asked, redirectUri)
  const verifier = parameters.get('code_verifier') ?? ''
  if (createHash('sha256').update(verifier).digest('base64url') !== codeChallenge) {
    return wrongVerifier()
  }

  const request = readTokenRequest(entra, redemption, { grant, identity, claims })
  if (isRefusal(request)) return request
  const refreshToken = isLasting(entra, grant) ? entra.refreshTokens.issue(grant) : undefined
  return {
    ...request,
    grant,
    identity,
    client,
    nonce,
    // The authorization request contained `openid`; the token request need not repeat it.
    wantsIdToken: request.wantsIdToken || grant.scope.split(' ').includes('openid'),
    refreshToken,
  }
}

function isLasting({ state }: Entra, { scope }: SignInGrant): boolean {
  const { refreshTokens } = state.settings.get()
  return (
    refreshTokens === 'always' ||
    (refreshTokens === 'offline_access' && scope.split(' ').includes('offline_access'))
  )
}
