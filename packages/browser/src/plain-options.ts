import { isScope, isSecureUrl } from '@carnet/core/base'

type Test = (value: unknown) => boolean

const isBoolean: Test = (value) => typeof value === 'boolean'
const isPositive: Test = (value) => Number.isFinite(value) && Number(value) > 0
const isPath: Test = (value) => typeof value === 'string' && /^\/(?:[\w.~-][\w./~-]*)?$/.test(value)

const isObjectOf =
  (tests: Readonly<Record<string, Test>>): Test =>
  (value) =>
    (value as object | null)?.constructor === Object &&
    Object.entries(Object(value)).every(
      ([name, field]) => Object.hasOwn(tests, name) && tests[name]?.(field),
    )

/** What most apps set, and how it must be to be right beyond doubt. */
const isPlain = isObjectOf({
  clientId: (value) => typeof value === 'string' && /^[\x21-\x7e]+$/.test(value),
  authority: (value) => isSecureUrl(value) && !/[?#]/.test(value),
  redirectUri: isPath,
  postLogoutRedirectUri: isPath,
  scopes: (value) => Array.isArray(value) && value.every(isScope),
  renewal: isObjectOf({ enabled: isBoolean, leadTime: isPositive }),
  logger: (value) => typeof value === 'function',
})

/** True where options are right beyond doubt. Of any others, `checkOptions` says what is wrong, if anything is. */
export const arePlain = (options: unknown): boolean => {
  const { clientId, authority } = Object(options) as Record<string, unknown>
  return clientId !== undefined && authority !== undefined && isPlain(options)
}
