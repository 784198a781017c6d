import type { AuthorityProfile } from '../authority/authority-profile.ts'
import { GRAPH_RESOURCE, parseScope } from './scope.ts'
import { assertOneResource, defaultProblems, refuse, ScopeSet } from './scope-set.ts'
import { resourceScopes, type ScopeValues, toScopeValues } from './scope-values.ts'

/** The scopes of a token request, read once: what to compare by, and what to send. */
export interface TokenScopes {
  /** The one resource that they are of, in the spelling to compare by; empty where scopes name none. */
  readonly resource: string
  /** Unique, sorted, equal for equal scopes; those of OpenID Connect left out. */
  readonly keys: ScopeValues
  /** As the caller spelt them; those of OpenID Connect left out. */
  readonly texts: ScopeValues
}

/**
 * Reads what a token is asked for. `resource` is the RFC 8707 indicator; on Entra the scopes name it.
 *
 * @throws AuthError `invalid_request` for what no token can answer: two resources on Entra.
 */
export function readTokenScopes(
  scopes: Iterable<string>,
  profile: AuthorityProfile,
  resource = '',
): TokenScopes {
  if (profile === 'oidc') {
    const keys = resourceScopes(toScopeValues(scopes))
    return { resource, keys, texts: keys }
  }
  const set = ScopeSet.parse(scopes, 'entra').withoutOidc()
  assertOneResource(set)
  // With the scopes of OpenID Connect alone, Entra answers with a token for Graph.
  const [own = GRAPH_RESOURCE] = set.byResource().keys()
  return { resource: own, keys: set.keys(), texts: set.toArray() }
}

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
export function scopeKey(text: string, profile: AuthorityProfile): string {
  try {
    return parseScope(text, profile).key
  } catch {
    return text
  }
}
