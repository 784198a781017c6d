import type { Life } from '../tokens/token-record.ts'

/** One token is renewed at most once in this time. */
export const SHORTEST_INTERVAL_MS = 1000
/** A token that lives longer than this expires within a second only if the clock of the app was set forward. */
const SHORT_LIFETIME_MS = 10_000
/** The clock of the app is not trusted for this time after it went back. */
const UNTRUSTED_FOR_MS = 60_000

/** Bounds renewals, whatever the lifetime of tokens and whatever the clock of the app does. */
export interface RenewalLimit {
  /** Records that a token for `key` arrived. */
  note(key: string, token: Life): void
  /** True if the last token for `key` must serve at `nowMs`, because it arrived a moment ago. */
  isReached(key: string, nowMs: number): boolean
}

/** @param monotonicMs A clock that nobody sets: milliseconds since any instant. */
export function createRenewalLimit(monotonicMs: () => number): RenewalLimit {
  const arrivals = new Map<string, { readonly atMs: number; readonly token: Life }>()
  /** Until when the clock of the app is not trusted, because it went back. */
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
      // Each jump of a clock that goes back and forth makes the token look unusable.
      if (nowMs < issuedAtMs) untrustedUntilMs = monotonicMs() + UNTRUSTED_FOR_MS
      return expiresAtMs - issuedAtMs < SHORT_LIFETIME_MS || monotonicMs() < untrustedUntilMs
    },
  }
}
