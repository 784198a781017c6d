import { difference, resourceScopes, type ScopeValues } from '../../scopes/scope-values.ts'
import { union } from '../../scopes/union.ts'
import type { HeldGrant, RefreshPlan } from '../provider-dialect.ts'

/**
 * Plans a refresh at Entra. One refresh token is valid for every resource, and consent is all or nothing, so the request has
 * the scopes of the query. It repeats the OpenID Connect scopes of the sign-in: without `email`, the new ID token has no such
 * claim.
 */
export function planEntraRefresh({ requestedScopes }: HeldGrant, texts: ScopeValues): RefreshPlan {
  const ofSignIn = difference(requestedScopes, resourceScopes(requestedScopes))
  // Every sign-in requests `openid`. A record without this scope is not from a sign-in.
  const oidc = ofSignIn.includes('openid')
    ? ofSignIn
    : [...ofSignIn, 'openid', 'profile', 'offline_access']
  return { type: 'ask', scopes: union(texts, oidc) }
}
