import { GRAPH_RESOURCE } from '../scopes/scope.ts'
import { defaultProblems, refuse, ScopeSet } from '../scopes/scope-set.ts'
import { resourceScopes, type ScopeValues, toScopeValues } from '../scopes/scope-values.ts'
import type { AuthorityProfile } from './authority-profile.ts'
import { entraDialect, entraScopeKey } from './entra/entra-dialect.ts'
import { oidcDialect, type TokenScopes } from './oidc/oidc-scopes.ts'

/**
 * Parses the scopes of a token request.
 *
 * @param resource The resource indicator (RFC 8707). On Entra the scopes name the resource.
 * @throws AuthError `invalid_request` for scopes that no single token can have: two resources on Entra.
 */
export const readTokenScopes = (
  scopes: Iterable<string>,
  profile: AuthorityProfile,
  resource?: string,
): TokenScopes => (profile === 'entra' ? entraDialect : oidcDialect).readScopes(scopes, resource)

/**
 * Checks the scopes of one authorization request: a token for `scopes`, and consent to `later`.
 *
 * @throws AuthError `invalid_request` for scopes that Entra would refuse: two resources in one token, `.default` together
 * with other scopes, or a malformed scope.
 */
export function assertAskable(
  scopes: readonly string[],
  later: readonly string[],
  profile: AuthorityProfile,
): void {
  readTokenScopes(scopes, profile)
  if (profile === 'entra') refuse(defaultProblems(ScopeSet.parse([...scopes, ...later], profile)))
}

/** The keys of the scopes that a server granted. Entra may omit the requested resource from their names. */
export function grantedKeys(
  texts: ScopeValues,
  profile: AuthorityProfile,
  resource: string,
): ScopeValues {
  const named = resourceScopes(texts)
  if (profile === 'oidc') return named
  const keyOf = (text: string) => {
    const ownName = text.includes('/') || resource === GRAPH_RESOURCE
    return scopeKey(ownName ? text : `${resource}/${text}`, profile)
  }
  return toScopeValues(named.map(keyOf))
}

/** The key that scopes are compared by. A malformed scope of a server is its own key. */
export const scopeKey = (text: string, profile: AuthorityProfile): string =>
  profile === 'entra' ? entraScopeKey(text) : text
