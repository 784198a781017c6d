const LONGEST_TEXT = 500

/** Text that came from a server, made safe to keep in an error or a log: bounded, no control characters. */
export function serverText(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  const clean = value.slice(0, LONGEST_TEXT).replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
  return value.length > LONGEST_TEXT ? `${clean}…` : clean
}
