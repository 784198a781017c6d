import {
  difference,
  resourceScopes,
  type ScopeValues,
  toScopeValues,
} from '../../scopes/scope-values.ts'

/** The parsed scopes of a token request: keys to compare, and texts to send. */
export interface TokenScopes {
  /** The resource of the scopes, as a key to compare; empty if scopes name no resource. */
  readonly resource: string
  /** Unique, sorted keys, equal for equal scopes. OpenID Connect scopes are left out. */
  readonly keys: ScopeValues
  /** The scopes in the caller's spelling. OpenID Connect scopes are left out. */
  readonly texts: ScopeValues
}

/** Parses and compares the scopes of an authority. */
export interface Dialect {
  /** @throws AuthError `invalid_request` for scopes that no single token can have. */
  readScopes(scopes: Iterable<string>, resource?: string): TokenScopes
  /**
   * The requested scopes that were not granted.
   *
   * @param texts The requested scopes, in the caller's spelling.
   * @param granted The keys of the granted scopes.
   * @param sent The keys of all scopes that were sent to the provider; they may be more than the requested scopes.
   * @returns The scopes in the caller's spelling.
   */
  declined(texts: ScopeValues, granted: ScopeValues, sent: ScopeValues): ScopeValues
}

/** The dialect of OpenID Connect: scopes are opaque strings, and the `resource` parameter names the API (RFC 8707). */
export const oidcDialect: Dialect = {
  readScopes(scopes, resource = '') {
    const keys = resourceScopes(toScopeValues(scopes))
    return { resource, keys, texts: keys }
  },
  // A provider may rename scopes (RFC 6749 section 5.1). If it granted at least as many unknown scopes as are missing, no
  // scope counts as declined.
  declined(texts, granted, sent) {
    const missing = difference(texts, granted)
    const renamed = difference(difference(granted, sent), texts)
    return renamed.length >= missing.length ? [] : missing
  },
}
