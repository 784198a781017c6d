import { covers, difference, resourceScopes, type ScopeValues } from '../scopes/scope-values.ts'
import { union } from '../scopes/union.ts'
import type { RefreshTokenRecord } from '../tokens/token-record.ts'

/** What to send with a refresh token so that the answer serves a request. */
export type RefreshPlan =
  /** Ask for these scopes. */
  | { readonly type: 'ask'; readonly scopes: ScopeValues }
  /** Ask for nothing: the whole grant comes back (RFC 6749 section 6). */
  | { readonly type: 'all'; readonly assumed: ScopeValues }

/**
 * Servers drop scopes (`offline_access` was not to be had) and refuse to hear of them again, they rename scopes, and
 * they omit granted scopes from their answers. So a scope is repeated by name only where an answer named it; where one is
 * wanted that no answer named, or `openid` was never named, the whole grant is asked back. So it is where all of it is
 * wanted: the parameter says nothing then, and some servers refuse it (RFC 6749 section 6).
 *
 * @param wanted Without the scopes that the user declined.
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
 * On Entra one refresh token serves every resource, and consent is all or nothing: ask for what is wanted. The scopes of
 * OpenID Connect that the sign-in asked for are repeated: without `email`, the new ID token has no such claim.
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
