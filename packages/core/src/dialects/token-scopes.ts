import { GRAPH_RESOURCE } from '../scopes/scope.ts'
import { defaultProblems, refuse, ScopeSet } from '../scopes/scope-set.ts'
import { resourceScopes, type ScopeValues, toScopeValues } from '../scopes/scope-values.ts'
import type { AuthorityProfile } from './authority-profile.ts'
import { entraDialect, entraScopeKey } from './entra/entra-dialect.ts'
import { oidcDialect, type TokenScopes } from './oidc/oidc-scopes.ts'

/**
 * Reads what a token is asked for. `resource` is the RFC 8707 indicator; on Entra the scopes name it.
 *
 * @throws AuthError `invalid_request` for what no token can answer: two resources on Entra.
 */
export const readTokenScopes = (
  scopes: Iterable<string>,
  profile: AuthorityProfile,
  resource?: string,
): TokenScopes => (profile === 'entra' ? entraDialect : oidcDialect).readScopes(scopes, resource)

/**
 * Reads what one page of the provider is to ask for: a token for `scopes`, consent to `later` too.
 *
 * @throws AuthError `invalid_request` for what Entra would refuse: two resources in one token, `.default`
 * beside other scopes, a malformed scope.
 */
export function assertAskable(
  scopes: readonly string[],
  later: readonly string[],
  profile: AuthorityProfile,
): void {
  readTokenScopes(scopes, profile)
  if (profile === 'entra') refuse(defaultProblems(ScopeSet.parse([...scopes, ...later], profile)))
}

/** The keys of what a server says it granted. Entra may leave out the resource that was asked for. */
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

/** What a scope is compared by; a text of a server that is no scope stands for itself. */
export const scopeKey = (text: string, profile: AuthorityProfile): string =>
  profile === 'entra' ? entraScopeKey(text) : text
