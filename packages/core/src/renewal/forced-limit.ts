import { SHORTEST_INTERVAL_MS } from './renewal-limit.ts'

/** So many renewals of one token that callers force come at once. */
const BURST = 5

const passed = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/**
 * Bounds the renewals that callers force (`forceRefresh`, `claims`, another `authority`). These must bring a new token,
 * so a call is delayed rather than answered with the last token: after a burst of five, one per token and second. An app
 * that forces a renewal at each 401, in a loop, must not flood the provider.
 *
 * @param monotonicMs A clock that nobody sets: milliseconds since any instant.
 * @returns Resolves when the renewal for `key` may start.
 */
export function createForcedLimit(monotonicMs: () => number, wait = passed) {
  /** When the next renewal would start if all were a second apart. */
  const dueAtMs = new Map<string, number>()

  return async function turn(key: string): Promise<void> {
    const nowMs = monotonicMs()
    for (const [other, atMs] of dueAtMs) if (atMs <= nowMs) dueAtMs.delete(other)
    const ownMs = dueAtMs.get(key) ?? nowMs
    dueAtMs.set(key, ownMs + SHORTEST_INTERVAL_MS)
    const waitMs = ownMs - (BURST - 1) * SHORTEST_INTERVAL_MS - nowMs
    if (waitMs > 0) await wait(waitMs)
  }
}
