/** Scope values of RFC 6749 section 3.3, unique and sorted, so that equal sets have equal keys. */
export type ScopeValues = readonly string[]

/** Scopes of OpenID Connect itself: they shape the ID token and the grant, and say nothing of an API. */
const OIDC_SCOPES = new Set(['openid', 'profile', 'email', 'address', 'phone', 'offline_access'])

/** RFC 6749 section 3.3: printable ASCII without the space, the quote and the backslash. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/

export function toScopeValues(scopes: string | Iterable<string>): ScopeValues {
  const values = typeof scopes === 'string' ? scopes.split(' ') : scopes
  return [...new Set(values)].filter(Boolean).sort()
}

/** True where `value` may stand in a scope parameter (RFC 6749 section 3.3). */
export const isScope = (value: unknown): value is string =>
  typeof value === 'string' && SCOPE_TOKEN.test(value)

/** The scopes that an API reads: what tokens are matched by. */
export const resourceScopes = (scopes: ScopeValues): ScopeValues =>
  scopes.filter((scope) => !OIDC_SCOPES.has(scope))

export const difference = (a: ScopeValues, b: ScopeValues): ScopeValues =>
  a.filter((scope) => !b.includes(scope))

export const covers = (granted: ScopeValues, wanted: ScopeValues): boolean =>
  wanted.every((scope) => granted.includes(scope))
