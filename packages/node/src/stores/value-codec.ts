/** Converts the values of records to text and back. Besides JSON, it keeps `Uint8Array` and `ArrayBuffer`. */

/** The member that marks an encoded value. Objects that have this member are wrapped. */
const MARK = '~'

/** The value as text. */
export const encodeValue = (value: unknown): string => JSON.stringify(marked(value)) ?? 'null'

/** The value of a text of `encodeValue`. @throws SyntaxError for any other text. */
export const decodeValue = (text: string): unknown => {
  const value: unknown = JSON.parse(text)
  // Most values have no mark, and need no second pass. The search for one character is the fastest.
  return text.includes(MARK) ? unmarked(value) : value
}

function marked(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return { [MARK]: 'u8', data: base64(value) }
  if (value instanceof ArrayBuffer) return { [MARK]: 'ab', data: base64(new Uint8Array(value)) }
  if (Array.isArray(value)) return value.map(marked)
  const fields = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, marked(one)]))
  return MARK in fields ? { [MARK]: 'object', data: fields } : fields
}

function unmarked(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(unmarked)
  const { [MARK]: mark, data } = value as Record<string, unknown>
  if (mark === 'u8' && typeof data === 'string') return Uint8Array.from(Buffer.from(data, 'base64'))
  if (mark === 'ab' && typeof data === 'string')
    return Uint8Array.from(Buffer.from(data, 'base64')).buffer
  const fields = mark === 'object' && typeof data === 'object' && data !== null ? data : value
  return Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, unmarked(one)]))
}

const base64 = (bytes: Uint8Array) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
