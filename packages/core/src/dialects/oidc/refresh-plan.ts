import { covers, difference, resourceScopes, type ScopeValues } from '../../scopes/scope-values.ts'
import { union } from '../../scopes/union.ts'
import type { HeldGrant, RefreshPlan } from '../provider-dialect.ts'

/**
 * Servers drop scopes (`offline_access` was not to be had) and refuse to hear of them again, they rename scopes, and
 * they omit granted scopes from their answers. So a scope is repeated by name only where an answer named it; where one is
 * wanted that no answer named, or `openid` was never named, the whole grant is asked back. So it is where all of it is
 * wanted: the parameter says nothing then, and some servers refuse it (RFC 6749 section 6).
 *
 * @param wanted Without the scopes that the user declined.
 */
export function planRefresh(
  { requestedScopes, grantedScopes }: HeldGrant,
  wanted: ScopeValues,
): RefreshPlan {
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
