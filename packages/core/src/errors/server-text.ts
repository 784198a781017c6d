const LONGEST_TEXT = 500

/** Controls, and what turns the direction of a text around: it would make other words of those beside it. */
const CONTROLS = /[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]+/gu

/** Text that came from a server, made safe to keep in an error or a log: bounded, no control characters. */
export function serverText(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  const clean = value.slice(0, LONGEST_TEXT).replace(CONTROLS, ' ')
  return value.length > LONGEST_TEXT ? `${clean}…` : clean
}
