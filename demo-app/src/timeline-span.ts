const MINUTE_MS = 60_000

/** How much of the past and of the future the line can show. Half of each is a round time too. */
const SPANS_MS = [1, 2, 4, 10, 20, 60, 120, 240, 480, 1440].map((minutes) => minutes * MINUTE_MS)
const DEFAULT_SPAN_MS = 2 * MINUTE_MS

/** The shortest span that has the next moment on the line. */
export function spanMsFor(momentsMs: readonly number[], nowMs: number): number {
  if (momentsMs.length === 0) return DEFAULT_SPAN_MS
  const waitMs = Math.min(...momentsMs) - nowMs
  return SPANS_MS.find((span) => waitMs < span) ?? SPANS_MS[SPANS_MS.length - 1] ?? DEFAULT_SPAN_MS
}

/** Where a moment is on the line: 0 at its left end, 0.5 now, 1 at its right end. */
export const positionOf = (atMs: number, nowMs: number, spanMs: number): number =>
  0.5 + (atMs - nowMs) / (2 * spanMs)
