import { grantedKeys } from '../dialects/token-scopes.ts'
import { grantedOidcScopes } from '../scopes/granted-oidc-scopes.ts'
import {
  difference,
  resourceScopes,
  type ScopeValues,
  toScopeValues,
} from '../scopes/scope-values.ts'
import { union } from '../scopes/union.ts'
import { grantOwnerKey, type TokenOwner } from '../tokens/token-owner.ts'
import type { AccessTokenRecord, RefreshTokenRecord, TokenQuery } from '../tokens/token-record.ts'
import { isWorthTelling } from './clock-offset.ts'
import type { TokenGrant } from './token-grant.ts'

/** The access token of a grant, as the cache keeps it. */
export function accessTokenOf(
  grant: TokenGrant,
  query: TokenQuery<TokenOwner>,
  sentScopes: ScopeValues,
): AccessTokenRecord {
  const { owner, profile, resource, parametersKey, detailsKey, scopes } = query
  const texts = resourceScopes(grant.grantedScopes)
  // Entra lists the scopes of OpenID Connect beside those of Graph, and with the tokens of no other API.
  const oidc =
    profile === 'entra'
      ? difference(grant.grantedScopes, texts)
      : grantedOidcScopes(grant, sentScopes)
  return {
    owner: owner.id,
    resource,
    parametersKey,
    detailsKey,
    requestedScopes: scopes,
    grantedScopes: grantedKeys(texts, profile, resource),
    grantedTexts: [...texts, ...oidc],
    sentScopes: resourceScopes(sentScopes),
    token: grant.accessToken,
    tokenType: grant.tokenType,
    issuedAtMs: grant.issuedAtMs,
    receivedAtMs: grant.receivedAtMs,
    authTime: authTimeOf(grant),
    expiresAtMs: grant.expiresAtMs,
    refreshAtMs: grant.refreshAtMs,
    clockOffsetMs: isWorthTelling(grant.clockOffsetMs, profile) ? grant.clockOffsetMs : undefined,
    extendedExpiresAtMs: grant.extendedExpiresAtMs,
  }
}

/**
 * The refresh token that a sign-in brought, if it did.
 *
 * @param resource The RFC 8707 resource indicator that was asked for.
 * @param grantKey The key of the request parameters that the grant is bound to.
 */
export function refreshTokenOf(
  grant: TokenGrant,
  owner: TokenOwner,
  requestedScopes: ScopeValues,
  resource?: string,
  grantKey?: string,
): RefreshTokenRecord | undefined {
  if (grant.refreshToken === undefined) return undefined
  return {
    owner: grantOwnerKey(owner),
    resource,
    grantKey,
    token: grant.refreshToken,
    requestedScopes: toScopeValues(requestedScopes),
    grantedScopes: grant.grantedScopes,
    issuedAtMs: grant.issuedAtMs,
    signedInAtMs: grant.issuedAtMs,
    clockOffsetMs: grant.clockOffsetMs,
    authTime: authTimeOf(grant),
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
    rotation: (grant.refreshToken ?? held.token) === held.token ? 'never' : 'each time',
    requestedScopes: union(held.requestedScopes, asked),
    grantedScopes: union(held.grantedScopes, grant.grantedScopes),
    // A token that is not rotated is alive too: what is in use is not pruned for its age.
    issuedAtMs: grant.issuedAtMs,
    authTime: authTimeOf(grant) ?? held.authTime,
    clockOffsetMs: grant.idToken === undefined ? held.clockOffsetMs : grant.clockOffsetMs,
    expiresAtMs: grant.refreshTokenExpiresAtMs ?? held.expiresAtMs,
  }
}

function authTimeOf({ idTokenClaims }: TokenGrant): number | undefined {
  const authTime = idTokenClaims?.auth_time
  return typeof authTime === 'number' ? authTime : undefined
}
