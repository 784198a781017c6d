import { digestOf } from './digest.ts'

/**
 * The key of authorization details (RFC 9396): equal for equal details, `undefined` for none. It holds nothing in clear,
 * because details may name accounts and amounts.
 *
 * @param details The array, or its JSON as an app puts it into a request.
 */
export async function detailsKeyOf(details: unknown): Promise<string | undefined> {
  const value = typeof details === 'string' ? parsed(details) : details
  const isNone = value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  return isNone ? undefined : digestOf(canonicalDetails(value))
}

/**
 * One text for equal details: names in the order of RFC 8785, and the entries sorted, because an authorization server
 * grants each by itself. Arrays inside an entry keep their order, which may mean something to the API.
 */
export const canonicalDetails = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map(canonical).sort().join()}]` : canonical(value)

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  // By UTF-16 code units, as RFC 8785 section 3.2.3 wants it.
  const sorted = fields.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join()}}`
}

/** A text that is no JSON is its own value: the provider refuses it, and no other details have its key. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
