import type { ProviderDialect } from '../dialects/provider-dialect.ts'
import { unverifiedClaims } from '../encoding/jwt-part.ts'

/** Smaller differences are trusted without a third clock: Entra backdates its tokens by five minutes. */
const LEAST_DOUBTED_MS = 6 * 60_000
/** Smaller differences come from the network, and the clock tolerance of the validation covers them. */
const LEAST_OFFSET_MS = 60_000

/** True if the clocks differ so much that the app should know. */
export const isWorthTelling = (
  offsetMs: number,
  { clockToleranceMs }: Pick<ProviderDialect, 'clockToleranceMs'>,
): boolean => Math.abs(offsetMs) >= clockToleranceMs

/**
 * The clock offset for the validation of an ID token. A large offset means that the clock of the page is wrong, or that the
 * token is old. A third clock decides. Without a third clock, there are two cases:
 * - The token has the nonce of this request: its offset is trusted, because the token cannot be older than the request.
 * - The token comes from a refresh, which has no nonce: its offset is trusted if it agrees with the offset of the earlier
 *   grant. Otherwise the earlier offset counts, and an old token has expired by it. If a clock was set since, the user may
 *   have to sign in again.
 *
 * @param earlierMs The offset at the earlier grant; omit it if the token has the nonce of this request.
 * @returns Milliseconds that the provider's clock is ahead of the page's clock.
 */
export async function trustedOffsetMs(
  offsetMs: number,
  nowMs: number,
  trueTimeMs: () => Promise<number | undefined>,
  earlierMs = offsetMs,
): Promise<number> {
  if (Math.abs(offsetMs) < LEAST_DOUBTED_MS) return offsetMs
  const trueMs = await trueTimeMs().catch(() => undefined)
  if (trueMs === undefined)
    return Math.abs(offsetMs - earlierMs) < LEAST_DOUBTED_MS ? offsetMs : earlierMs
  return Math.abs(trueMs - nowMs) < LEAST_OFFSET_MS ? 0 : trueMs - nowMs
}

/**
 * How far the provider's clock is ahead of the page's clock, by the `iat` of a new ID token; 0 if the clocks agree. The token is not
 * validated yet: the offset only selects the clock for the validation.
 *
 * @returns Milliseconds.
 */
export function clockOffsetMs(idToken: unknown, nowMs: number): number {
  const { iat } = unverifiedClaims(idToken)
  const offsetMs = typeof iat === 'number' ? iat * 1000 - nowMs : 0
  return Number.isFinite(offsetMs) && Math.abs(offsetMs) >= LEAST_OFFSET_MS ? offsetMs : 0
}
