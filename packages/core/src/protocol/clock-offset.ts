import { parseJsonObject } from '../json.ts'

/** A smaller difference is not worth telling: Entra dates its tokens back by five minutes. */
const LEAST_TOLD_MS = 6 * 60_000

/** Whether a clock is so wrong that somebody should know. */
export const isWorthTelling = (offsetMs: number): boolean => Math.abs(offsetMs) >= LEAST_TOLD_MS

/** A smaller difference is the way of the answer, and the tolerance of the validation covers it. */
const LEAST_OFFSET_MS = 60_000

/**
 * By how much the provider's clock is ahead of ours, by the `iat` of an ID token that was issued for this answer;
 * 0 where they agree. Read before the token is validated: it only says by which clock to validate.
 *
 * @returns Milliseconds.
 */
export function clockOffsetMs(idToken: unknown, nowMs: number): number {
  if (typeof idToken !== 'string') return 0
  const [, payload = ''] = idToken.split('.')
  const claims = parseJsonObject(decode(payload))
  const offsetMs = typeof claims?.iat === 'number' ? claims.iat * 1000 - nowMs : 0
  return Number.isFinite(offsetMs) && Math.abs(offsetMs) >= LEAST_OFFSET_MS ? offsetMs : 0
}

function decode(base64url: string): string {
  try {
    return atob(base64url.replaceAll('-', '+').replaceAll('_', '/'))
  } catch {
    return ''
  }
}
