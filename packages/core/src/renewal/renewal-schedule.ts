import type { AccessTokenRecord } from '../tokens/token-record.ts'

/** The part of the lead time over which renewals are spread, so that not all tabs renew at once. */
const SPREAD = 0.1

/**
 * The time of the next renewal: the time that the provider suggests (`refreshAtMs`), else `leadMs` before the token expires.
 * Short-lived tokens are renewed in the last fifth of their lifetime. `jitter` makes the renewal a little later.
 *
 * @param jitter 0 to 1; `Math.random()` outside tests.
 * @returns Milliseconds since the epoch.
 */
export function renewalAtMs(
  {
    issuedAtMs,
    expiresAtMs,
    refreshAtMs,
  }: Pick<AccessTokenRecord, 'issuedAtMs' | 'expiresAtMs' | 'refreshAtMs'>,
  leadMs: number,
  jitter: number,
): number {
  const lifetimeMs = expiresAtMs - issuedAtMs
  const wishedMs = refreshAtMs !== undefined && refreshAtMs < expiresAtMs ? refreshAtMs : undefined
  const ownLeadMs = Math.min(leadMs, lifetimeMs / 5)
  const lead = wishedMs === undefined ? ownLeadMs : expiresAtMs - wishedMs
  return expiresAtMs - lead * (1 - SPREAD * jitter)
}

const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 5 * 60_000

/**
 * The wait after the `attempt`-th failure in a row. It doubles from one second up to five minutes; `jitter` shortens it by up
 * to a half.
 *
 * @param attempt From 1.
 * @param jitter 0 to 1.
 * @returns Milliseconds.
 */
export const backoffMs = (attempt: number, jitter: number): number =>
  Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1)) * (1 - jitter / 2)

/** The number of quick retries after a failure, for short faults: after 1, 2 and 4 seconds. */
const QUICK_RETRIES = 3
/** The longest wait of a renewal in the background. */
const LONGEST_RETRY_MS = 30 * 60_000
/** The upper bound of later retries is at least this long, also for tokens with a lifetime of seconds. */
const SHORTEST_WAIT_MS = 30_000
/** Every later retry waits at least this part of the longest wait. */
const SHORTEST_PART = 1 / 3

/**
 * The wait of a background renewal after the `attempt`-th failure in a row. The first retries are quick. Later retries are
 * spread over a large part of the token's lifetime: after an outage, not all sessions may renew at once. A caller that
 * needs a token does not wait for these retries.
 *
 * @param attempt From 1.
 * @param lifetimeMs The lifetime of the token in milliseconds.
 * @param jitter 0 to 1; `Math.random()` outside tests.
 * @returns Milliseconds.
 */
export function retryMs(attempt: number, lifetimeMs: number, jitter: number): number {
  if (attempt <= QUICK_RETRIES) return backoffMs(attempt, jitter)
  const longestMs = Math.max(SHORTEST_WAIT_MS, Math.min(LONGEST_RETRY_MS, lifetimeMs))
  return longestMs * (SHORTEST_PART + (1 - SHORTEST_PART) * jitter)
}
