import { difference, resourceScopes, type ScopeValues } from '../../scopes/scope-values.ts'
import { union } from '../../scopes/union.ts'
import type { HeldGrant, RefreshPlan } from '../provider-dialect.ts'

/**
 * On Entra one refresh token serves every resource, and consent is all or nothing: ask for what is wanted. The scopes of
 * OpenID Connect that the sign-in asked for are repeated: without `email`, the new ID token has no such claim.
 */
export function planEntraRefresh({ requestedScopes }: HeldGrant, texts: ScopeValues): RefreshPlan {
  const ofSignIn = difference(requestedScopes, resourceScopes(requestedScopes))
  // Every sign-in asks for `openid`. A record without it is not from a sign-in.
  const oidc = ofSignIn.includes('openid')
    ? ofSignIn
    : [...ofSignIn, 'openid', 'profile', 'offline_access']
  return { type: 'ask', scopes: union(texts, oidc) }
}
