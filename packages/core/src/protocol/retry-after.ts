/** Nobody waits longer than a day for a provider that says so. */
const LONGEST_MS = 24 * 3_600_000

/**
 * Reads `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date.
 *
 * @param serverNowMs The time by the clock of the server, which the date is by.
 * @returns Milliseconds since the epoch; `undefined` where the header is missing or malformed.
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
