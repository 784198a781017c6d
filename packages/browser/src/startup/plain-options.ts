import { isScope } from '@carnet/core/base'

const isText = (form: RegExp) => (value: unknown) => typeof value === 'string' && form.test(value)
const isPath = isText(/^\/(?:[\w.~-][\w./~-]*)?$/)

/** An https URL without query and fragment. The full check handles all other URLs of this machine. */
const ISSUER =
  /^https:\/\/(([a-z\d-]+\.)*[a-z][a-z\d-]*|127\.0\.0\.1)(:[1-5]?\d{1,4})?(\/[\w~-][\w.~-]*)*\/?$/i

/** The most common options, with a test that only valid values pass. */
const PLAIN: Readonly<Record<string, (value: unknown) => boolean>> = {
  clientId: isText(/^[\x21-\x7e]+$/),
  authority: isText(ISSUER),
  redirectUri: isPath,
  postLogoutRedirectUri: isPath,
  scopes: (value) => Array.isArray(value) && value.every(isScope),
  logger: (value) => typeof value === 'function',
}

/**
 * True for options that are certainly valid, and that can be copied. `checkOptions` checks all other options.
 */
export function arePlain(options: unknown): boolean {
  const given = Object(options) as Record<string, unknown>
  const isRight = (name: string) => Object.hasOwn(PLAIN, name) && PLAIN[name]?.(given[name])
  return (
    Object.getPrototypeOf(given) === Object.prototype &&
    ['clientId', 'authority', ...Object.keys(given)].every(isRight)
  )
}
