import { AuthError } from '@carnet/core'
import { readOAuthError } from '@carnet/core/network'
import { kindOfState } from './state.ts'

/** A response that no client can complete, and the address without it. */
export interface UnusableResponse {
  readonly error: AuthError
  readonly cleanUrl: string
}

/** Parameters of a response with tokens (OAuth 2.0 Multiple Response Type Encoding Practices). */
const TOKENS = ['access_token', 'id_token']
const PARAMETERS = ['code', 'error', 'error_description', 'error_uri', 'state', 'iss', ...TOKENS]

/**
 * Finds a response that is meant for this client and cannot be used: without `state`, with neither code nor error, or with
 * tokens instead of a code. A response with the `state` of another service is never touched.
 *
 * @param mark The mark of this client: the beginning of its `state`.
 */
export function findUnusable(href: string, mark: string): UnusableResponse | undefined {
  const url = new URL(href)
  const inFragment = why(new URLSearchParams(url.hash.slice(1)), mark)
  if (inFragment) {
    url.hash = ''
    return { error: inFragment, cleanUrl: url.href.replace(/#$/, '') }
  }
  const inQuery = why(url.searchParams, mark)
  if (!inQuery) return undefined
  for (const name of PARAMETERS) url.searchParams.delete(name)
  return { error: inQuery, cleanUrl: url.href }
}

/** The error of the response in our own popup, where no other service answers. */
export function unusableInPopup(href: string, mark: string): AuthError | undefined {
  const found = findUnusable(href, mark)
  if (found) return found.error
  const { hash, searchParams } = new URL(href)
  for (const parameters of [new URLSearchParams(hash.slice(1)), searchParams]) {
    const state = parameters.get('state')
    const isAnswer = parameters.has('code') || parameters.has('error')
    if (isAnswer && state !== null && kindOfState(state) === undefined)
      return unusable('carries the `state` of another request')
  }
  return undefined
}

function why(parameters: URLSearchParams, mark: string): AuthError | undefined {
  const state = parameters.get('state')
  if (state !== null && !state.startsWith(mark)) return undefined
  const oauth = readOAuthError(Object.fromEntries(parameters))
  const isAnswer = parameters.has('code') || oauth !== undefined
  if (TOKENS.some((name) => parameters.has(name)) && !parameters.has('code'))
    return unusable('has tokens instead of a code')
  if (state === null) {
    const said = oauth ? `: the provider said "${oauth.error}"` : ''
    return isAnswer ? unusable(`has no \`state\`${said}`, oauth) : undefined
  }
  // A sign-out comes back with the `state` alone.
  return isAnswer || kindOfState(state)?.startsWith('signOut') !== false
    ? undefined
    : unusable('has neither a code nor an error')
}

const unusable = (what: string, oauth?: AuthError['oauth']) =>
  new AuthError('unusable_response', `The response ${what}.`, { oauth })

const noteOf = (mark: string) => `carnet|waits|${mark}`

/** Notes that this tab left for a response by redirect, or that it got one. */
export function noteWaiting(
  mark: string,
  setTabNote: (key: string, value: string | undefined) => void,
  isWaiting: boolean,
): void {
  setTabNote(noteOf(mark), isWaiting ? '1' : undefined)
}

/**
 * Takes an unusable response out of the address, if this tab waits for one.
 *
 * @throws AuthError `unusable_response`
 */
export function refuseUnusable(
  { mark, redirectUri }: { mark: string; redirectUri: string },
  page: { href(): string; replaceUrl(url: string): void },
): void {
  const here = new URL(page.href())
  const { origin, pathname } = new URL(redirectUri)
  const found =
    here.origin === origin && here.pathname === pathname && findUnusable(here.href, mark)
  if (!found) return
  page.replaceUrl(found.cleanUrl)
  sessionStorage.removeItem(noteOf(mark))
  throw found.error
}
