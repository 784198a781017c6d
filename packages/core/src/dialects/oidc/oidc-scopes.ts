import {
  difference,
  resourceScopes,
  type ScopeValues,
  toScopeValues,
} from '../../scopes/scope-values.ts'

/** The scopes of a token request, read once: what to compare by, and what to send. */
export interface TokenScopes {
  /** The one resource that they are of, in the spelling to compare by; empty where scopes name none. */
  readonly resource: string
  /** Unique, sorted, equal for equal scopes; those of OpenID Connect left out. */
  readonly keys: ScopeValues
  /** As the caller spelt them; those of OpenID Connect left out. */
  readonly texts: ScopeValues
}

/** How the scopes of an authority are read and compared. */
export interface Dialect {
  /** @throws AuthError `invalid_request` for what no token can answer. */
  readScopes(scopes: Iterable<string>, resource?: string): TokenScopes
  /**
   * Which of the scopes that were asked for were not granted.
   *
   * @param texts What was asked for, as the caller spelt it.
   * @param granted Keys of what was granted.
   * @param sent Keys of all that was sent to the provider, which may be more than was asked for.
   * @returns In the caller's spelling.
   */
  declined(texts: ScopeValues, granted: ScopeValues, sent: ScopeValues): ScopeValues
}

/** Scopes are opaque texts; which API they are of is said beside them (RFC 8707). */
export const oidcDialect: Dialect = {
  readScopes(scopes, resource = '') {
    const keys = resourceScopes(toScopeValues(scopes))
    return { resource, keys, texts: keys }
  },
  // A provider may give scopes new names (RFC 6749 section 5.1 lets it): where it granted as many unknown ones as are
  // missing, nothing counts as declined.
  declined(texts, granted, sent) {
    const missing = difference(texts, granted)
    const renamed = difference(difference(granted, sent), texts)
    return renamed.length >= missing.length ? [] : missing
  },
}
