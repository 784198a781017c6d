import { GRAPH_RESOURCE, parseScope } from '../../scopes/scope.ts'
import { assertOneResource, defaultProblems, refuse, ScopeSet } from '../../scopes/scope-set.ts'
import { resourceScopes, type ScopeValues, toScopeValues } from '../../scopes/scope-values.ts'
import type { TokenScopes } from '../provider-dialect.ts'

/** Reads the scopes of a token request. Each scope names its API, and a token is for one API. */
export function readEntraScopes(scopes: Iterable<string>): TokenScopes {
  const set = ScopeSet.parse(scopes, 'entra').withoutOidc()
  assertOneResource(set)
  // For OpenID Connect scopes alone, Entra issues a token for Microsoft Graph.
  const [resource = GRAPH_RESOURCE] = set.byResource().keys()
  return { resource, keys: set.keys(), requestedScopes: set.toArray() }
}

/** The requested scopes that were not granted. The response may list the scopes that `.default` stands for, and not `.default`. */
export const missingEntraScopes = (texts: ScopeValues, granted: ScopeValues): ScopeValues =>
  texts.filter((text) => {
    const key = entraScopeKey(text)
    return !granted.includes(key) && !key.endsWith('/.default')
  })

/** The key that a scope is compared by. A malformed scope of a server is its own key. */
export function entraScopeKey(text: string): string {
  try {
    return parseScope(text, 'entra').key
  } catch {
    return text
  }
}

/** The keys of the granted scopes. Entra may omit the requested resource. */
export function grantedEntraKeys(texts: ScopeValues, resource: string): ScopeValues {
  const keyOf = (text: string) => {
    const ownName = text.includes('/') || resource === GRAPH_RESOURCE
    return entraScopeKey(ownName ? text : `${resource}/${text}`)
  }
  return toScopeValues(resourceScopes(texts).map(keyOf))
}

/** @throws AuthError `invalid_request` for two resources in one token, `.default` with other scopes, or a malformed scope. */
export function assertEntraAskable(scopes: readonly string[], later: readonly string[]): void {
  readEntraScopes(scopes)
  refuse(defaultProblems(ScopeSet.parse([...scopes, ...later], 'entra')))
}

/** One group of scopes for each resource. OpenID Connect scopes without other scopes are one group. */
export function splitEntraScopes(scopes: readonly string[]): (readonly string[])[] {
  const groups = [...ScopeSet.parse(scopes, 'entra').byResource().values()]
  return groups.length > 0 ? groups.map((set) => set.toArray()) : [scopes]
}
