import { GRAPH_RESOURCE, parseScope } from '../../scopes/scope.ts'
import { assertOneResource, ScopeSet } from '../../scopes/scope-set.ts'
import type { Dialect } from '../oidc/oidc-scopes.ts'

/** The dialect of Entra: each scope names its API, and a token is for one API. */
export const entraDialect: Dialect = {
  readScopes(scopes) {
    const set = ScopeSet.parse(scopes, 'entra').withoutOidc()
    assertOneResource(set)
    // For OpenID Connect scopes alone, Entra issues a token for Microsoft Graph.
    const [resource = GRAPH_RESOURCE] = set.byResource().keys()
    return { resource, keys: set.keys(), texts: set.toArray() }
  },
  // `.default` stands for all consented scopes: the response may list these scopes, and not `.default`.
  declined: (texts, granted) =>
    texts.filter((text) => {
      const key = entraScopeKey(text)
      return !granted.includes(key) && !key.endsWith('/.default')
    }),
}

/** The key that scopes are compared by. A malformed scope of a server is its own key. */
export function entraScopeKey(text: string): string {
  try {
    return parseScope(text, 'entra').key
  } catch {
    return text
  }
}
