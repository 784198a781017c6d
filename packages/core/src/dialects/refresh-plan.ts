import { covers, difference, resourceScopes, type ScopeValues } from '../scopes/scope-values.ts'
import { union } from '../scopes/union.ts'
import type { RefreshTokenRecord } from '../tokens/token-record.ts'

/** The scopes to send with a refresh token, so that the response answers a query. */
export type RefreshPlan =
  /** Send these scopes. */
  | { readonly type: 'ask'; readonly scopes: ScopeValues }
  /** Omit `scope`: the response has the whole grant (RFC 6749 section 6). */
  | { readonly type: 'all'; readonly assumed: ScopeValues }

/**
 * Plans a refresh request of a plain provider. Servers drop scopes and then refuse them, rename scopes, and omit granted
 * scopes from their responses. So the request names a scope only if an earlier response listed the scope.
 *
 * The request omits `scope` if a wanted scope, or `openid`, was requested but never listed. It also omits `scope` if the
 * whole grant is wanted: the parameter adds nothing then, and some servers refuse it (RFC 6749 section 6).
 *
 * @param wanted The scopes of the query, without the scopes that the user declined.
 */
export function planRefresh(
  held: Pick<RefreshTokenRecord, 'requestedScopes' | 'grantedScopes'>,
  wanted: ScopeValues,
): RefreshPlan {
  const { requestedScopes, grantedScopes } = held
  const oidc = difference(grantedScopes, resourceScopes(grantedScopes))
  const scopes = union(wanted, oidc)
  const isNew = !covers(union(requestedScopes, grantedScopes), wanted)
  if (isNew) return { type: 'ask', scopes }
  const isNamed = oidc.includes('openid') || !requestedScopes.includes('openid')
  const isPart = covers(grantedScopes, wanted) && !covers(scopes, grantedScopes)
  return isNamed && scopes.length > 0 && isPart
    ? { type: 'ask', scopes }
    : { type: 'all', assumed: grantedScopes }
}

/**
 * Plans a refresh request on Entra. One refresh token serves every resource, and consent is all or nothing, so the request
 * names the wanted scopes. It repeats the OpenID Connect scopes of the sign-in: without `email`, the new ID token would
 * have no such claim.
 */
export function planEntraRefresh(
  { requestedScopes }: Pick<RefreshTokenRecord, 'requestedScopes'>,
  texts: ScopeValues,
): RefreshPlan {
  const ofSignIn = difference(requestedScopes, resourceScopes(requestedScopes))
  // Every sign-in asks for `openid`. A record without it is not from a sign-in.
  const oidc = ofSignIn.includes('openid')
    ? ofSignIn
    : [...ofSignIn, 'openid', 'profile', 'offline_access']
  return { type: 'ask', scopes: union(texts, oidc) }
}
