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
  { issuedAtMs, expiresAtMs, refreshAtMs }: AccessTokenRecord,
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
