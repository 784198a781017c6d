import { kindOfState, type ResponseKind } from './state.ts'

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
 * Finds the authorization response in an address (RFC 6749 section 4.1.2), in the fragment or the query. The `state` alone
 * identifies a response: it must carry the mark of this client. A response to another library or service stays in the
 * address. A popup or an iframe may show a page whose client has another issuer than the client that waits: its response is
 * found whatever its mark.
 */
export function findResponse(href: string, mark: string): ResponseInUrl | undefined {
  const url = new URL(href)
  const ours = (parameters: URLSearchParams) => {
    const state = parameters.get('state') ?? ''
    const kind = kindOfState(state)
    if (!kind) return undefined
    const isAnswer = parameters.has('code') || parameters.has('error') || kind.startsWith('signOut')
    const isForeign = !/redirect/i.test(kind) && !state.startsWith(mark)
    const isOurs = isAnswer && (kind !== 'redirect' || state.startsWith(mark))
    return isOurs ? { parameters, state, kind, isForeign } : undefined
  }

  const inFragment = ours(new URLSearchParams(url.hash.slice(1)))
  if (inFragment) {
    url.hash = ''
    return { ...inFragment, cleanUrl: url.href.replace(/#$/, '') }
  }
  const inQuery = ours(new URLSearchParams(url.search))
  if (!inQuery) return undefined
  // The address after a sign-out is one that the app has chosen, with parameters of its own.
  const names = inQuery.kind === 'signOutRedirect' ? ['state'] : RESPONSE_PARAMETERS
  for (const name of names) url.searchParams.delete(name)
  return { ...inQuery, cleanUrl: url.href }
}
