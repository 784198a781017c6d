import { KINDS } from '../authorization/kinds.ts'
import { kindOfState } from '../authorization/state.ts'
import { asUnusable } from './unusable-answer.ts'

/**
 * The unusable response that the minimal redirect page passes on, in a tab that waits for another response. A popup waits for
 * one response only, so any other response is unusable, and so is a URL without a response. A tab that left by redirect may
 * come back with the response of another service.
 *
 * @param response The response in the URL, if the URL has response parameters.
 * @param awaited The `state` that the tab waits for; for a redirect, it may be only the beginning of the `state`.
 */
export function unusableOf(
  parts: readonly URLSearchParams[],
  response: URLSearchParams | undefined,
  awaited: string,
): URLSearchParams | undefined {
  const kind = kindOfState(awaited)
  const waits = kind !== undefined && KINDS[kind].waits
  const state = response?.get('state') ?? awaited
  // A sign-out returns with `state` only, or without it.
  if (response && waits && KINDS[kind].isSignOut && state === awaited) return response
  if (!waits && !state.startsWith(awaited)) return response
  const unusable =
    response ?? parts.find((part) => part.has('access_token') || part.has('id_token'))
  if (!unusable && !waits) return undefined
  return asUnusable(unusable ?? new URLSearchParams(), waits ? awaited : state)
}
