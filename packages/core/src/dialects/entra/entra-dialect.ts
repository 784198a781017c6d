import { GRAPH_RESOURCE, parseScope } from '../../scopes/scope.ts'
import { assertOneResource, ScopeSet } from '../../scopes/scope-set.ts'
import type { Dialect } from '../oidc/oidc-scopes.ts'

/** Scopes name the API that they are of, and a token is for one API. */
export const entraDialect: Dialect = {
  readScopes(scopes) {
    const set = ScopeSet.parse(scopes, 'entra').withoutOidc()
    assertOneResource(set)
    // With the scopes of OpenID Connect alone, Entra answers with a token for Graph.
    const [resource = GRAPH_RESOURCE] = set.byResource().keys()
    return { resource, keys: set.keys(), texts: set.toArray() }
  },
  // `.default` stands for whatever was consented to: the answer may name that, and not it.
  declined: (texts, granted) =>
    texts.filter((text) => {
      const key = entraScopeKey(text)
      return !granted.includes(key) && !key.endsWith('/.default')
    }),
}

/** What a scope is compared by; a text of a server that is no scope stands for itself. */
export function entraScopeKey(text: string): string {
  try {
    return parseScope(text, 'entra').key
  } catch {
    return text
  }
}
