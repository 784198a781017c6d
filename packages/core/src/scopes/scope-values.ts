/** Scope values of RFC 6749 section 3.3, unique and sorted, so that equal sets have equal keys. */
export type ScopeValues = readonly string[]

/** The scopes of OpenID Connect. They shape the ID token and the grant, but give no access to an API. */
const OIDC_SCOPES = new Set(['openid', 'profile', 'email', 'address', 'phone', 'offline_access'])

/** RFC 6749 section 3.3: printable ASCII without space, quotation mark and backslash. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/** Splits, deduplicates and sorts scopes. */
export function toScopeValues(scopes: string | Iterable<string>): ScopeValues {
  const values = typeof scopes === 'string' ? scopes.split(' ') : scopes
  return [...new Set(values)].filter(Boolean).sort()
}

/** True for a valid scope token (RFC 6749 section 3.3). */
export const isScope = (value: unknown): value is string =>
  typeof value === 'string' && SCOPE_TOKEN.test(value)

/** The scopes without OpenID Connect scopes. Only these scopes decide whether a token matches a query. */
export const resourceScopes = (scopes: ScopeValues): ScopeValues =>
  scopes.filter((scope) => !OIDC_SCOPES.has(scope))

/** The scopes of `a` that are not in `b`. */
export const difference = (a: ScopeValues, b: ScopeValues): ScopeValues =>
  a.filter((scope) => !b.includes(scope))

/** True if `granted` contains every scope of `wanted`. */
export const covers = (granted: ScopeValues, wanted: ScopeValues): boolean =>
  wanted.every((scope) => granted.includes(scope))
