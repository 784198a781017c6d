import type { AuthorityProfile } from '../dialects/authority-profile.ts'
import { unverifiedClaims } from '../encoding/jwt-part.ts'

/** A smaller difference is believed without asking: Entra dates its tokens back by five minutes. */
const LEAST_DOUBTED_MS = 6 * 60_000
/** A smaller difference is the way of the answer, and the tolerance of the validation covers it. */
const LEAST_OFFSET_MS = 60_000

/** Whether clocks differ so much that somebody should know. */
export const isWorthTelling = (offsetMs: number, profile: AuthorityProfile): boolean =>
  Math.abs(offsetMs) >= (profile === 'entra' ? LEAST_DOUBTED_MS : LEAST_OFFSET_MS)

/**
 * Which offset to validate by. A large one may mean that our clock is wrong, or that the token is old: a third clock
 * decides. Where there is none, a token with the nonce of this request is believed: nobody could have made it before.
 * A refresh brings no nonce, so its token is believed as far as it agrees with the grant that it goes on from; else
 * that grant's offset counts, by which an old token has expired. A clock that was set since may need a new sign-in.
 *
 * @param earlierMs The offset at the earlier grant; nothing where the token has the nonce of this request.
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
