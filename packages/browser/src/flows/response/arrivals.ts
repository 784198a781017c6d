import type { Arrival } from '../../startup/response.ts'

/** For how long a copy of the library that starts late is told of a response that another copy completed. */
const TOLD_FOR_MS = 60_000

/** Arrivals that this copy of the library has passed on to the app. Deliberately not shared with other copies. */
const told = new WeakSet<object>()

/**
 * The result of an arrival, or `undefined` where there is nothing to tell. While the response is completed, every client waits
 * for it and tells the same (React's StrictMode makes two). Afterwards each other copy of the library hears of it once: a later
 * call of the app starts anew, also after a failure.
 *
 * @param wasOver Whether it was over when the app asked: this module may take a while to load.
 * @param copy The copy that asks: its `createAuthClient`.
 */
import type { AuthenticationResult } from '../../api/result.ts'
export async function resultOf(
  arrival: unknown,
  wasOver: unknown,
  copy: unknown,
): Promise<AuthenticationResult | null | undefined> {
  if (!isArrival(arrival)) return undefined
  const { result, atMs, by } = arrival
  const isOld = performance.now() >= atMs + TOLD_FOR_MS
  if (wasOver && (isOld || by === copy || told.has(arrival))) return undefined
  told.add(arrival)
  return result
}

/** Another version, or another script, may have put anything there. */
function isArrival(value: unknown): value is Arrival {
  const { result, atMs } = Object(value) as Partial<Arrival>
  return result instanceof Promise && typeof atMs === 'number'
}
