import {
  covers,
  difference,
  resourceScopes,
  type ScopeValues,
  union,
} from '../scopes/scope-values.ts'
import type { RefreshTokenRecord } from './token-record.ts'

/** What to send with a refresh token so that the answer serves a request. */
export type RefreshPlan =
  /** Ask for these scopes. */
  | { readonly type: 'ask'; readonly scopes: ScopeValues }
  /** Ask for nothing: the whole grant comes back (RFC 6749 section 6). */
  | { readonly type: 'all'; readonly assumed: ScopeValues }
  /** Everything that is wanted was declined before: only the user can change that. */
  | { readonly type: 'declined' }

/**
 * Servers drop scopes (the user declined them, or `offline_access` was not to be had) and refuse to
 * hear of them again, and they rename scopes: what is repeated here is only what they granted.
 */
export function planRefresh(
  held: Pick<RefreshTokenRecord, 'requestedScopes' | 'grantedScopes'>,
  wanted: ScopeValues,
): RefreshPlan {
  const { requestedScopes, grantedScopes } = held
  const oidc = difference(grantedScopes, resourceScopes(grantedScopes))
  const ask = (scopes: ScopeValues): RefreshPlan => ({ type: 'ask', scopes: union(scopes, oidc) })

  if (covers(grantedScopes, wanted)) {
    const scopes = union(wanted, oidc)
    return scopes.length > 0 ? { type: 'ask', scopes } : { type: 'all', assumed: grantedScopes }
  }
  const renamed = difference(grantedScopes, requestedScopes).length > 0
  if (renamed && covers(union(requestedScopes, grantedScopes), wanted))
    return { type: 'all', assumed: grantedScopes }

  const declined = difference(requestedScopes, grantedScopes)
  const askable = difference(wanted, declined)
  return askable.length > 0 ? ask(askable) : { type: 'declined' }
}

/** On Entra one refresh token serves every resource, and consent is all or nothing: ask for what is wanted. */
export const planEntraRefresh = (texts: ScopeValues): RefreshPlan => ({
  type: 'ask',
  scopes: union(texts, ['openid', 'profile', 'offline_access']),
})
