import { AuthError, type AuthErrorCode, isScope, isSecureUrl } from '@carnet/core'

/** Describes the problem of a value; `undefined` for a valid value. */
export type Check = (value: unknown) => string | undefined

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isText: Check = (value) =>
  typeof value === 'string' && value.trim() !== '' && !/\p{Cs}/u.test(value)
    ? undefined
    : 'must be a string that is not empty'

export const isFunction: Check = (value) =>
  typeof value === 'function' ? undefined : 'must be a function'

export const isBoolean: Check = (value) =>
  typeof value === 'boolean' ? undefined : 'must be true or false'

export const isPositive: Check = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value > 0
    ? undefined
    : 'must be a number above 0'

export const isNotNegative: Check = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? undefined
    : 'must be a number, 0 or above'

export const areScopes: Check = (value) => {
  if (!Array.isArray(value)) return 'must be an array of scopes: ["calendar.read"]'
  const wrong = value.find((scope) => !isScope(scope))
  return wrong === undefined
    ? undefined
    : `holds ${JSON.stringify(wrong)}, which is not a scope (RFC 6749 section 3.3: printable ASCII, no spaces)`
}

export const isOneOf =
  (...allowed: readonly (string | boolean)[]): Check =>
  (value) =>
    allowed.includes(value as string) ? undefined : `must be one of ${allowed.join(', ')}`

/** A URL of this origin, so that a response or a return never leaves it. */
export const isSameOrigin =
  (base: string): Check =>
  (value) => {
    if (typeof value !== 'string' || !URL.canParse(value, base)) return 'must be a URL'
    const { origin } = new URL(base)
    // Do not compare `origin` only: `blob:` URLs and URLs with a password have the same origin.
    const isHere = new URL(value, base).href.startsWith(`${origin}/`)
    return isHere ? undefined : `must be on this origin, ${origin}`
  }

/** A URL for after the sign-out. The registration of the client at the provider decides about it. */
export const isOwnOrSecureUrl =
  (base: string): Check =>
  (value) =>
    isSecureUrl(value) || isSameOrigin(base)(value) === undefined
      ? undefined
      : 'must be on this origin, or an https URL (http only on localhost and 127.0.0.1)'

/** The check of an object of strings. `refusalOf` returns the reason why a field is not allowed. */
export const areParameters =
  (refusalOf: (name: string, text: string) => string | undefined): Check =>
  (value) => {
    if (!isObject(value)) return 'must be an object of strings'
    for (const [name, text] of Object.entries(value)) {
      const problem = typeof text === 'string' ? refusalOf(name, text) : ', which is not a string'
      if (problem !== undefined) return `holds \`${name}\`${problem}`
    }
    return undefined
  }

/** The refusal of a parameter that Carnet sets. */
export const SET_BY_CARNET = ', which Carnet sets itself'

/** The check of a value that may also be `null`, for none. */
export const orNull =
  (check: Check): Check =>
  (value) =>
    value === null ? undefined : check(value)

/** The path of a discovery document (OpenID Connect Discovery 1.0 section 4, RFC 8414 section 3). */
const DISCOVERY_PATH = /\/\.well-known\/(?:openid-configuration|oauth-authorization-server)/

/** The check of an `authority`, in options and in requests. */
export const isAuthority: Check = (value) => {
  if (!isSecureUrl(value))
    return 'must be an https URL: serve the provider over https (http works only on localhost and 127.0.0.1)'
  const { search, hash, href } = new URL(value)
  const [found] = DISCOVERY_PATH.exec(href) ?? []
  if (found !== undefined)
    return `must be the issuer, without ${found}: write "${href.replace(found, '').replace(/[?#].*$/, '')}"`
  return search === '' && hash === '' ? undefined : 'must have no query and no fragment'
}

/** Checks every field against its rule, and names all invalid fields and unknown names. */
export function checkFields(
  what: string,
  code: AuthErrorCode,
  value: unknown,
  rules: Readonly<Record<string, Check>>,
  required: readonly string[] = [],
): void {
  if (!isObject(value)) throw new AuthError(code, `${what} must be an object.`)
  const wrong = wrongFields(value, rules, required)
  if (wrong.length > 0) throw new AuthError(code, `${what}: ${wrong.join('; ')}.`)
}

/** The check of a field that is an object with fields. */
export const isObjectOf =
  (rules: Readonly<Record<string, Check>>): Check =>
  (value) => {
    if (!isObject(value)) return 'must be an object'
    const wrong = wrongFields(value, rules)
    return wrong.length > 0 ? wrong.join(', ') : undefined
  }

function wrongFields(
  fields: Record<string, unknown>,
  rules: Readonly<Record<string, Check>>,
  required: readonly string[] = [],
): string[] {
  const wrong: string[] = []
  for (const name of required) if (fields[name] === undefined) wrong.push(`\`${name}\` is required`)
  for (const [name, field] of Object.entries(fields)) {
    if (field === undefined) continue
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
    const problem = rule ? rule(field) : `is not known; known are ${Object.keys(rules).join(', ')}`
    if (problem !== undefined) wrong.push(`\`${name}\` ${problem}`)
  }
  return wrong
}
