const MINUTE_MS = 60_000

/** The possible spans of the timeline before and after now. Half of each span is a round number too. */
const SPANS_MS = [1, 2, 4, 10, 20, 60, 120, 240, 480, 1440].map((minutes) => minutes * MINUTE_MS)
const DEFAULT_SPAN_MS = 2 * MINUTE_MS

/** The shortest span that includes the next instant. */
export function spanMsFor(momentsMs: readonly number[], nowMs: number): number {
  if (momentsMs.length === 0) return DEFAULT_SPAN_MS
  const waitMs = Math.min(...momentsMs) - nowMs
  return SPANS_MS.find((span) => waitMs < span) ?? SPANS_MS[SPANS_MS.length - 1] ?? DEFAULT_SPAN_MS
}

/** The position of an instant on the line: 0 is the left end, 0.5 is now, 1 is the right end. */
export const positionOf = (atMs: number, nowMs: number, spanMs: number): number =>
  0.5 + (atMs - nowMs) / (2 * spanMs)
