import { SHORTEST_INTERVAL_MS } from './renewal-limit.ts'

/** The number of forced renewals of one token that start without a delay. */
const BURST = 5

const passed = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/**
 * Limits forced renewals (`forceRefresh`, `claims`, another `authority`). An app that forces a renewal at each 401, in a
 * loop, must not flood the provider. A forced renewal must bring a new token, so the limit delays a call and does not answer
 * it with the last token. After five calls, one renewal per second and token starts.
 *
 * @param monotonicMs A monotonic clock: milliseconds since an arbitrary instant.
 * @returns A function whose promise resolves when the renewal for `key` may start.
 */
export function createForcedLimit(monotonicMs: () => number, wait = passed) {
  /** For each key, the time of the next renewal if all renewals were one second apart. */
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
