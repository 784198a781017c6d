const LONGEST_TEXT = 500

/** Control characters, surrogates, and marks of the text direction, which can change how the text around them reads. */
const CONTROLS = /[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]+/gu

/** Makes a text of a server safe for errors and logs: at most 500 characters, no control characters. */
export function serverText(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  const clean = value.slice(0, LONGEST_TEXT).replace(CONTROLS, ' ')
  return value.length > LONGEST_TEXT ? `${clean}…` : clean
}
