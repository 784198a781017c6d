import { accountKey } from '../accounts/account.ts'
import type { TokenGrant } from '../protocol/token-grant.ts'
import { resourceScopes, type ScopeValues, toScopeValues, union } from '../scopes/scope-values.ts'
import type { AccessTokenRecord, RefreshTokenRecord, TokenQuery } from './token-record.ts'

/** The access token of a grant, as the cache keeps it. */
export const accessTokenOf = (grant: TokenGrant, query: TokenQuery): AccessTokenRecord => ({
  account: accountKey(query.account),
  resource: query.resource,
  requestedScopes: query.scopes,
  grantedScopes: resourceScopes(grant.grantedScopes),
  token: grant.accessToken,
  tokenType: grant.tokenType,
  issuedAtMs: grant.issuedAtMs,
  expiresAtMs: grant.expiresAtMs,
  refreshAtMs: grant.refreshAtMs,
})

/** The refresh token that a sign-in brought, if it did. */
export function refreshTokenOf(
  grant: TokenGrant,
  account: string,
  requestedScopes: ScopeValues,
): RefreshTokenRecord | undefined {
  if (grant.refreshToken === undefined) return undefined
  return {
    account,
    token: grant.refreshToken,
    requestedScopes: toScopeValues(requestedScopes),
    grantedScopes: grant.grantedScopes,
    issuedAtMs: grant.issuedAtMs,
    expiresAtMs: grant.refreshTokenExpiresAtMs,
  }
}

/** What is held after a refresh: the grant stays as wide as it was, the token may be a new one. */
export function refreshedToken(
  held: RefreshTokenRecord,
  grant: TokenGrant,
  asked: ScopeValues,
): RefreshTokenRecord {
  return {
    ...held,
    token: grant.refreshToken ?? held.token,
    requestedScopes: union(held.requestedScopes, asked),
    grantedScopes: union(held.grantedScopes, grant.grantedScopes),
    issuedAtMs: grant.refreshToken === undefined ? held.issuedAtMs : grant.issuedAtMs,
    expiresAtMs: grant.refreshTokenExpiresAtMs ?? held.expiresAtMs,
  }
}
