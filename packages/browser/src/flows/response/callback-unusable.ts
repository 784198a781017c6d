import { KINDS } from '../authorization/kinds.ts'
import { kindOfState } from '../authorization/state.ts'
import { asUnusable } from './unusable-answer.ts'

/**
 * The response that the bare redirect page passes on, in a tab that waits for another one. A popup waits for one response only,
 * so that anything else is unusable, also an address without a response. A tab that left by redirect may come back with the
 * response of another service.
 *
 * @param response The response in the address, if it has parameters of one.
 * @param awaited The `state` that the tab waits for, or the beginning of that of a redirect.
 */
export function unusableOf(
  parts: readonly URLSearchParams[],
  response: URLSearchParams | undefined,
  awaited: string,
): URLSearchParams | undefined {
  const kind = kindOfState(awaited)
  const waits = kind !== undefined && KINDS[kind].waits
  const state = response?.get('state') ?? awaited
  // A sign-out comes back with the `state` alone, or without it.
  if (response && waits && KINDS[kind].isSignOut && state === awaited) return response
  if (!waits && !state.startsWith(awaited)) return response
  const unusable =
    response ?? parts.find((part) => part.has('access_token') || part.has('id_token'))
  if (!unusable && !waits) return undefined
  return asUnusable(unusable ?? new URLSearchParams(), waits ? awaited : state)
}
