import type { AccessTokenRecord } from '../tokens/token-record.ts'

/** The part of the lead by which renewals are spread, so that tabs do not all wake at once. */
const SPREAD = 0.1

/**
 * When to renew: when the provider would like it, else `leadMs` before the token expires, and short-lived
 * tokens in the last fifth of their life; a little later by `jitter`.
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
 * How long to wait after the `attempt`-th failure in a row: doubling from a second up to five minutes,
 * spread by a half.
 *
 * @param attempt From 1.
 * @param jitter 0 to 1.
 */
export const backoffMs = (attempt: number, jitter: number): number =>
  Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1)) * (1 - jitter / 2)

/** Retries that follow a failure at once, for a fault of a moment: after 1, 2 and 4 seconds. */
const QUICK_RETRIES = 3
/** The longest wait of a renewal in the background. */
const LONGEST_RETRY_MS = 30 * 60_000
/** Later retries for tokens that live for seconds still leave the provider alone for a while. */
const SHORTEST_WAIT_MS = 30_000
/** The part of the longest wait that every later retry waits at least. */
const SHORTEST_PART = 1 / 3

/**
 * How long a renewal in the background waits after the `attempt`-th failure in a row. The first retries are quick. Later
 * retries are spread over a large part of the token's lifetime: after an outage, the sessions of a whole fleet must not
 * come back at once. A caller who needs a token does not wait for these retries.
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
