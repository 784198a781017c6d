import { covers, difference, resourceScopes, type ScopeValues } from '../../scopes/scope-values.ts'
import { union } from '../../scopes/union.ts'
import type { HeldGrant, RefreshPlan } from '../provider-dialect.ts'

/**
 * Plans a refresh at a plain provider. Some servers drop scopes such as `offline_access` and refuse them later. Other servers
 * rename scopes, or omit granted scopes from responses. So the request names only new scopes, and scopes that a response
 * listed.
 *
 * In three cases the request has no `scope`, which means the whole grant (RFC 6749 section 6). No response listed a wanted
 * scope, no response listed `openid`, or the query needs the whole grant: some servers then refuse the parameter.
 *
 * @param wanted The scopes of the query, without the scopes that the user declined.
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
