import type { ExtraHeader } from 'oidc-client-ts'
import { Logger } from '../values/log.ts'

type ExtraHeaders = Readonly<Record<string, ExtraHeader>>

/** The protocol needs its own values of these headers. */
const PROTECTED = ['accept', 'content-type']

/** Some requests of the protocol have these headers. Their own values stay. */
const OF_SOME_REQUESTS = ['authorization', 'dpop']

const isOneOf = (names: readonly string[], name: string) => names.includes(name.toLowerCase())

/** The headers whose values never change, for the option `requestHeaders` of Carnet; `undefined` without such headers. */
export function fixedHeaders(extraHeaders: ExtraHeaders): Record<string, string> | undefined {
  const fixed = usable(extraHeaders).filter(isFixed)
  return fixed.length > 0 ? (Object.fromEntries(fixed) as Record<string, string>) : undefined
}

/**
 * The function for requests if a header must be computed for each request, or only completes some requests; else `undefined`. With
 * such a function, the page sends the token requests itself, because a function cannot go to a worker.
 */
export function fetchWithHeaders(extraHeaders: ExtraHeaders): typeof fetch | undefined {
  const others = Object.fromEntries(usable(extraHeaders).filter((header) => !isFixed(header)))
  if (Object.keys(others).length === 0) return undefined
  return (input, init) => {
    const request = new Request(input, init)
    for (const [name, value] of currentHeaders(others))
      if (!(isOneOf(OF_SOME_REQUESTS, name) && request.headers.has(name)))
        request.headers.set(name, value)
    return fetch(request)
  }
}

/** The headers with their values of now. A header without a value is omitted. */
export const currentHeaders = (extraHeaders: ExtraHeaders): [string, string][] =>
  usable(extraHeaders)
    .map(([name, value]): [string, string] => [name, typeof value === 'function' ? value() : value])
    .filter(([, value]) => value)

const isFixed = ([name, value]: readonly [string, ExtraHeader]): boolean =>
  typeof value !== 'function' && !isOneOf(OF_SOME_REQUESTS, name)

/** The headers that an app may set. */
const usable = (extraHeaders: ExtraHeaders): [string, ExtraHeader][] =>
  Object.entries(extraHeaders).filter(([name, value]) => {
    const isProtected = isOneOf(PROTECTED, name)
    if (isProtected) Logger.warn('UserManager', `The header \`${name}\` cannot be set.`)
    return !isProtected && value
  })
