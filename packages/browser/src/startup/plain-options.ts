import { isScope } from '@carnet/core/base'

const isText = (form: RegExp) => (value: unknown) => typeof value === 'string' && form.test(value)
const isPath = isText(/^\/(?:[\w.~-][\w./~-]*)?$/)

/** An https URL without query and fragment. An address on this machine is left to the full check. */
const ISSUER = /^https:\/\/([a-z\d-]+\.)*[a-z][a-z\d-]*(:\d{1,4})?(\/[\w~-][\w.~-]*)*\/?$/i

/** What most apps set, and how it must be to be right beyond doubt. */
const PLAIN: Readonly<Record<string, (value: unknown) => boolean>> = {
  clientId: isText(/^[\x21-\x7e]+$/),
  authority: isText(ISSUER),
  redirectUri: isPath,
  postLogoutRedirectUri: isPath,
  scopes: (value) => Array.isArray(value) && value.every(isScope),
  logger: (value) => typeof value === 'function',
}

/**
 * True where options are right beyond doubt, and a copy of them is as good. Of any others, `checkOptions` says what is
 * wrong, if anything is.
 */
export function arePlain(options: unknown): boolean {
  const given = Object(options) as Record<string, unknown>
  const isRight = (name: string) => Object.hasOwn(PLAIN, name) && PLAIN[name]?.(given[name])
  return (
    Object.getPrototypeOf(given) === Object.prototype &&
    ['clientId', 'authority', ...Object.keys(given)].every(isRight)
  )
}
