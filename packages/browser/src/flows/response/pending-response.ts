import type { PendingResponse } from '../../startup/response.ts'

/** A copy of the library that starts later gets the result of another copy's response for this time. */
const TOLD_FOR_MS = 60_000

/** Arrivals that this copy of the library has passed to the app. Other copies deliberately do not share this set. */
const delivered = new WeakSet<object>()

/**
 * The result of an arrival; `undefined` if this copy must not report it. While the response is being completed, every client
 * waits for it and gets the same result (React's StrictMode creates two clients). Afterwards each other copy of the library
 * gets the result once. Later clients of the app start without it, also after a failure.
 *
 * @param wasOver True if the result had arrived when the app created the client: this module may load slowly.
 * @param copy The calling copy: its `createAuthClient`.
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
  if (wasOver && (isOld || by === copy || delivered.has(arrival))) return undefined
  delivered.add(arrival)
  return result
}

/** Checks a shared value: another version or another script may have written any value. */
function isArrival(value: unknown): value is PendingResponse {
  const { result, atMs } = Object(value) as Partial<PendingResponse>
  return result instanceof Promise && typeof atMs === 'number'
}
