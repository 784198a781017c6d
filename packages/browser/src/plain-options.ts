import { isScope } from '@carnet/core/base'

const isPath = (value: unknown) =>
  typeof value === 'string' && /^\/(?:[\w.~-][\w./~-]*)?$/.test(value)

/** An https URL without query and fragment. An address on this machine is left to the full check. */
const ISSUER = /^https:\/\/([a-z\d-]+\.)*[a-z][a-z\d-]*(:\d{1,4})?(\/[\w~-][\w.~-]*)*\/?$/i

/** What most apps set, and how it must be to be right beyond doubt. */
const PLAIN: Readonly<Record<string, (value: unknown) => boolean>> = {
  clientId: (value) => typeof value === 'string' && /^[\x21-\x7e]+$/.test(value),
  authority: (value) => typeof value === 'string' && ISSUER.test(value),
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
