import type { ResponseInUrl, ResponseKind } from '../../startup/response.ts'
import { KINDS } from '../authorization/kinds.ts'
import { kindOfState } from '../authorization/state.ts'

/** True for a sign-out that left the page: the response is a `state` alone. */
const isEnded = (kind: ResponseKind) => KINDS[kind].isSignOut && !KINDS[kind].waits

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
  'access_token',
  'id_token',
  'token_type',
  'expires_in',
]

/**
 * Finds the authorization response in an address (RFC 6749 section 4.1.2), in the fragment or the query. The `state` alone
 * identifies a response: it must carry the mark of this client. A response to another library or service stays in the
 * address. A popup or an iframe may show a page whose client has another issuer than the client that waits: its response is
 * found whatever its mark.
 *
 * @param awaited The `state` that this tab waits for here, or its beginning, if it waits. At the redirect URI a response
 * without `state` is meant for this client then. In a popup of Carnet every response is, also one that is empty.
 */
export function findResponse(
  href: string,
  mark: string,
  awaited?: string,
): ResponseInUrl | undefined {
  const url = new URL(href)
  const expected = kindOfState(awaited ?? '')
  const isWindow = expected !== undefined && expected !== 'redirect'

  const ours = (parameters: URLSearchParams) => {
    const state = parameters.get('state') ?? ''
    const kind = kindOfState(state)
    if (!kind || (isWindow && state !== awaited)) return undefined
    const isAnswer = hasOne(parameters, 'code error unusable') || KINDS[kind].isSignOut
    const isForeign = !/redirect/i.test(kind) && !state.startsWith(mark)
    const isOurs = isAnswer && (kind !== 'redirect' || state.startsWith(mark))
    return isOurs ? { parameters, state, kind, isForeign } : undefined
  }

  const unusable = (parameters: URLSearchParams) => {
    const state = parameters.get('state') ?? awaited
    const isMeant = isWindow || state?.startsWith(awaited ?? '')
    const names = 'code error access_token id_token'
    const isResponse = hasOne(
      parameters,
      parameters.get('state') === null ? names : `${names} state`,
    )
    return isMeant && isResponse ? asAwaited(parameters, isWindow ? awaited : state) : undefined
  }

  const asAwaited = (parameters: URLSearchParams, state = awaited) =>
    state !== undefined && expected
      ? {
          parameters,
          state,
          kind: expected,
          isForeign: !state.startsWith(mark),
          isUnusable: true,
        }
      : undefined

  function take(judge: typeof ours | typeof unusable): ResponseInUrl | undefined {
    const inFragment = judge(new URLSearchParams(url.hash.slice(1)))
    if (inFragment) {
      url.hash = ''
      return { ...inFragment, cleanUrl: url.href.replace(/#$/, '') }
    }
    const inQuery = judge(new URLSearchParams(url.search))
    if (!inQuery) return undefined
    // The address after a sign-out is one that the app has chosen, with parameters of its own.
    const names = isEnded(inQuery.kind) ? ['state'] : RESPONSE_PARAMETERS
    for (const name of names) url.searchParams.delete(name)
    return { ...inQuery, cleanUrl: url.href }
  }

  return take(ours) ?? (expected && take(unusable)) ?? (isWindow ? empty() : undefined)

  function empty() {
    const found = asAwaited(new URLSearchParams())
    return found && { ...found, cleanUrl: href }
  }
}

const hasOne = (parameters: URLSearchParams, names: string) =>
  names.split(' ').some((name) => parameters.has(name))
