import type { Life } from '../tokens/token-record.ts'

/** The shortest time between two renewals of one token. */
export const SHORTEST_INTERVAL_MS = 1000
/** A token with a longer lifetime expires within a second only if the clock of the app was set forward. */
const SHORT_LIFETIME_MS = 10_000
/** After the clock of the app goes back, the limit distrusts it for this time. */
const UNTRUSTED_FOR_MS = 60_000

/** Limits renewals, even if tokens have very short lifetimes or the clock of the app jumps. */
export interface RenewalLimit {
  /** Records that a token for `key` arrived. */
  note(key: string, token: Life): void
  /** True if the last token for `key` must serve at `nowMs`, because it arrived a moment ago. */
  isReached(key: string, nowMs: number): boolean
}

/** @param monotonicMs A monotonic clock: milliseconds since an arbitrary instant. */
export function createRenewalLimit(monotonicMs: () => number): RenewalLimit {
  const arrivals = new Map<string, { readonly atMs: number; readonly token: Life }>()
  /** The clock of the app went back, and is not trusted until this time. */
  let untrustedUntilMs = Number.NEGATIVE_INFINITY
  const isRecent = (atMs: number) => monotonicMs() - atMs < SHORTEST_INTERVAL_MS

  return {
    note(key, token) {
      for (const [other, { atMs }] of arrivals) if (!isRecent(atMs)) arrivals.delete(other)
      arrivals.set(key, { atMs: monotonicMs(), token })
    },

    isReached(key, nowMs) {
      const last = arrivals.get(key)
      if (!last || !isRecent(last.atMs)) return false
      const { issuedAtMs, expiresAtMs } = last.token
      // If the clock jumps back and forth, each jump makes the token look unusable.
      if (nowMs < issuedAtMs) untrustedUntilMs = monotonicMs() + UNTRUSTED_FOR_MS
      return expiresAtMs - issuedAtMs < SHORT_LIFETIME_MS || monotonicMs() < untrustedUntilMs
    },
  }
}
