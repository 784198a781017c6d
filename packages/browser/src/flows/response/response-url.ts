import type { ResponseInUrl, ResponseKind } from '../../startup/response.ts'
import { KINDS } from '../authorization/kinds.ts'
import { kindOfState } from '../authorization/state.ts'

/** True for a sign-out that left the page: the response is a `state` alone. */
const isEnded = (kind: ResponseKind) => KINDS[kind].isSignOut && !KINDS[kind].waits

/** The parameters of authorization responses, including extensions of providers. */
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
 * Finds the authorization response in a URL (RFC 6749 section 4.1.2), in the fragment or the query. Only the `state`
 * identifies a response: it must carry the mark of this client. A response to another library or service stays in the URL. In
 * a popup or an iframe, the client of the page may have another issuer than the waiting client, so any mark counts there.
 *
 * @param awaited The `state` that this tab waits for, or its beginning. If it is set, a response without `state` at the
 * redirect URI counts as a response to this client. In a popup of Carnet every response counts, even an empty response.
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
    // The app chose the URL after a sign-out, so its other parameters belong to the app.
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
