import { isCarnetState } from './state.ts'

/** Parameters of authorization responses, those of providers' extensions included. */
const RESPONSE_PARAMETERS = [
  'code',
  'state',
  'iss',
  'session_state',
  'client_info',
  'error',
  'error_description',
  'error_uri',
  'error_subcode',
]

export interface ResponseInUrl {
  readonly parameters: URLSearchParams
  /** The address without the response. */
  readonly cleanUrl: string
}

/**
 * Finds the authorization response in an address (RFC 6749 section 4.1.2). Ours is what carries our
 * mark, in the fragment or the query; a `state` that nobody marked counts as a response to us only
 * where we expect one: other libraries receive responses too.
 */
export function findResponse(
  href: string,
  expected: { mark: string; redirectUri: string; responseMode: 'fragment' | 'query' },
): ResponseInUrl | undefined {
  const url = new URL(href)
  const atRedirectUri = isAt(url, new URL(expected.redirectUri))
  const isOurs = (parameters: URLSearchParams, mode: 'fragment' | 'query') => {
    const state = parameters.get('state')
    if (state === null || !(parameters.has('code') || parameters.has('error'))) return false
    if (state.startsWith(expected.mark)) return true
    return !isCarnetState(state) && mode === expected.responseMode && atRedirectUri
  }

  const fragment = new URLSearchParams(url.hash.slice(1))
  if (isOurs(fragment, 'fragment')) {
    url.hash = ''
    return { parameters: fragment, cleanUrl: url.href.replace(/#$/, '') }
  }
  const query = new URLSearchParams(url.search)
  if (!isOurs(query, 'query')) return undefined
  for (const name of RESPONSE_PARAMETERS) url.searchParams.delete(name)
  return { parameters: query, cleanUrl: url.href }
}

const isAt = (url: URL, redirectUri: URL) =>
  url.origin === redirectUri.origin && url.pathname === redirectUri.pathname
