import { unverifiedClaims } from './jwt-part.ts'

/** A smaller difference is believed, and not worth telling: Entra dates its tokens back by five minutes. */
const LEAST_DOUBTED_MS = 6 * 60_000

/** Whether clocks differ so much that somebody should know. */
export const isWorthTelling = (offsetMs: number): boolean => Math.abs(offsetMs) >= LEAST_DOUBTED_MS

/**
 * Which offset to validate by. A large one may mean that our clock is wrong, or that the token is old: a third clock
 * decides. Where there is none the token is believed, which only its signer could have made, for this request.
 */
export async function trustedOffsetMs(
  offsetMs: number,
  nowMs: number,
  trueTimeMs: () => Promise<number | undefined>,
): Promise<number> {
  if (!isWorthTelling(offsetMs)) return offsetMs
  const trueMs = await trueTimeMs().catch(() => undefined)
  if (trueMs === undefined) return offsetMs
  return Math.abs(trueMs - nowMs) < LEAST_OFFSET_MS ? 0 : trueMs - nowMs
}

/** A smaller difference is the way of the answer, and the tolerance of the validation covers it. */
const LEAST_OFFSET_MS = 60_000

/**
 * By how much the provider's clock is ahead of ours, by the `iat` of an ID token that was issued for this answer;
 * 0 where they agree. Read before the token is validated: it only says by which clock to validate.
 *
 * @returns Milliseconds.
 */
export function clockOffsetMs(idToken: unknown, nowMs: number): number {
  const { iat } = unverifiedClaims(idToken)
  const offsetMs = typeof iat === 'number' ? iat * 1000 - nowMs : 0
  return Number.isFinite(offsetMs) && Math.abs(offsetMs) >= LEAST_OFFSET_MS ? offsetMs : 0
}
