/** Longer waits are shortened to one day. */
const LONGEST_MS = 24 * 3_600_000

/**
 * Reads `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date.
 *
 * @param serverNowMs The time by the clock of the server, because a date in the header uses that clock.
 * @returns Milliseconds since the epoch; `undefined` if the header is missing or malformed.
 */
export function retryAtMs(
  header: string | null,
  nowMs: number,
  serverNowMs = nowMs,
): number | undefined {
  const text = header?.trim() ?? ''
  if (text === '') return undefined
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - serverNowMs
  return Number.isNaN(waitMs) ? undefined : nowMs + Math.min(Math.max(waitMs, 0), LONGEST_MS)
}
