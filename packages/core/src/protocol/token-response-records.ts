import { resourceScopes, type ScopeValues, toScopeValues } from '../scopes/scope-values.ts'
import { union } from '../scopes/union.ts'
import { grantOwnerKey, type TokenOwner } from '../tokens/token-owner.ts'
import type { AccessTokenRecord, RefreshTokenRecord, TokenQuery } from '../tokens/token-record.ts'
import { isWorthTelling } from './clock-offset.ts'
import type { ResponseMembers, TokenResponse } from './token-response.ts'

/** The cache record for the access token of a token response. */
export function accessTokenOf(
  grant: TokenResponse,
  query: TokenQuery<TokenOwner>,
  sentScopes: ScopeValues,
): AccessTokenRecord {
  const { owner, dialect, resource, parametersKey, detailsKey, scopeKeys, tokenType } = query
  const texts = resourceScopes(grant.grantedScopes)
  const oidc = dialect.grantedOidcScopes(grant, sentScopes)
  return {
    owner: owner.id,
    resource,
    parametersKey,
    detailsKey,
    requestedScopes: scopeKeys,
    grantedScopes: dialect.grantedKeys(texts, resource),
    grantedTexts: [...texts, ...oidc],
    sentScopes: resourceScopes(sentScopes),
    token: grant.accessToken,
    tokenType: grant.tokenType,
    askedType: tokenType === 'any' ? 'any' : undefined,
    jkt: grant.jkt,
    issuedAtMs: grant.issuedAtMs,
    receivedAtMs: grant.receivedAtMs,
    authTime: authTimeOf(grant),
    expiresAtMs: grant.expiresAtMs,
    refreshAtMs: grant.refreshAtMs,
    clockOffsetMs: isWorthTelling(grant.clockOffsetMs, dialect) ? grant.clockOffsetMs : undefined,
    extendedExpiresAtMs: grant.extendedExpiresAtMs,
  }
}

/** The members of a token response for the app. A response without `session_state` belongs to the session of the account. */
export const membersOf = (
  { members }: Pick<TokenResponse, 'members'>,
  sessionState: string | undefined,
): ResponseMembers | undefined =>
  sessionState === undefined ? members : { session_state: sessionState, ...members }

/** The `session_state` of a response (OpenID Connect Session Management 1.0 section 2). */
export const sessionStateOf = ({ members }: Pick<TokenResponse, 'members'>): string | undefined =>
  typeof members?.session_state === 'string' ? members.session_state : undefined

/**
 * The cache record for the refresh token of a sign-in; `undefined` if the response has no refresh token.
 *
 * @param resource The resource indicator of the request (RFC 8707).
 * @param grantKey The key of the request parameters that the grant is bound to.
 */
export function refreshTokenOf(
  grant: TokenResponse,
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
    jkt: grant.jkt,
    requestedScopes: toScopeValues(requestedScopes),
    grantedScopes: grant.grantedScopes,
    issuedAtMs: grant.issuedAtMs,
    signedInAtMs: grant.issuedAtMs,
    clockOffsetMs: grant.clockOffsetMs,
    authTime: authTimeOf(grant),
    expiresAtMs: grant.refreshTokenExpiresAtMs,
  }
}

/** The refresh token record after a refresh. The grant keeps its scopes; the token may be rotated. */
export function refreshedToken(
  held: RefreshTokenRecord,
  grant: TokenResponse,
  asked: ScopeValues,
): RefreshTokenRecord {
  return {
    ...held,
    token: grant.refreshToken ?? held.token,
    jkt: grant.jkt ?? held.jkt,
    rotation: (grant.refreshToken ?? held.token) === held.token ? 'never' : 'each time',
    requestedScopes: union(held.requestedScopes, asked),
    grantedScopes: union(held.grantedScopes, grant.grantedScopes),
    // Also for a token that is not rotated: a token in use must not be pruned for its age.
    issuedAtMs: grant.issuedAtMs,
    authTime: authTimeOf(grant) ?? held.authTime,
    clockOffsetMs: grant.idToken === undefined ? held.clockOffsetMs : grant.clockOffsetMs,
    expiresAtMs: grant.refreshTokenExpiresAtMs ?? held.expiresAtMs,
  }
}

function authTimeOf({ idTokenClaims }: TokenResponse): number | undefined {
  const authTime = idTokenClaims?.auth_time
  return typeof authTime === 'number' ? authTime : undefined
}
