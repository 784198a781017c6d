import { isCarnetState, kindOfState, type ResponseKind } from './state.ts'

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
  readonly state: string
  /** What kind of response the `state` announces. */
  readonly kind: ResponseKind
  /**
   * True for the response of a window or a frame that another client waits for. It is handed over, and stays in the
   * address until somebody has taken it.
   */
  readonly isForeign: boolean
  /** The address without the response. */
  readonly cleanUrl: string
}

/**
 * Finds the authorization response in an address (RFC 6749 section 4.1.2). Ours is what carries our
 * mark, in the fragment or the query; a `state` that nobody marked counts as a response to us only
 * where we expect one: other libraries receive responses too. A window or a frame may show a page whose client is of
 * another issuer than the client that waits: its response is found whatever its mark.
 */
export function findResponse(
  href: string,
  expected: { mark: string; redirectUri: string; responseMode: 'fragment' | 'query' },
): ResponseInUrl | undefined {
  const url = new URL(href)
  const atRedirectUri = isAt(url, new URL(expected.redirectUri))
  const ours = (parameters: URLSearchParams, mode: 'fragment' | 'query') => {
    const state = parameters.get('state')
    if (state === null) return undefined
    const kind = kindOfState(state) ?? 'redirect'
    const isAnswer = parameters.has('code') || parameters.has('error') || kind.startsWith('signOut')
    const isExpected = mode === expected.responseMode && atRedirectUri && !isCarnetState(state)
    const isForeign = !/redirect/i.test(kind) && !state.startsWith(expected.mark)
    const isOurs =
      isAnswer && (kind !== 'redirect' || state.startsWith(expected.mark) || isExpected)
    return isOurs ? { parameters, state, kind, isForeign } : undefined
  }

  const inFragment = ours(new URLSearchParams(url.hash.slice(1)), 'fragment')
  if (inFragment) {
    url.hash = ''
    return { ...inFragment, cleanUrl: url.href.replace(/#$/, '') }
  }
  const inQuery = ours(new URLSearchParams(url.search), 'query')
  if (!inQuery) return undefined
  // The address after a sign-out is one that the app has chosen, with parameters of its own.
  const names = inQuery.kind === 'signOutRedirect' ? ['state'] : RESPONSE_PARAMETERS
  for (const name of names) url.searchParams.delete(name)
  return { ...inQuery, cleanUrl: url.href }
}

const isAt = (url: URL, redirectUri: URL) =>
  url.origin === redirectUri.origin && url.pathname === redirectUri.pathname
