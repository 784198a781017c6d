import { digestOf } from './digest.ts'

/**
 * The key of authorization details (RFC 9396): equal for equal details, `undefined` for no details. The key is a digest,
 * because details may name accounts and amounts.
 *
 * @param details The array, or its JSON in a request of the app.
 */
export async function detailsKeyOf(details: unknown): Promise<string | undefined> {
  const value = typeof details === 'string' ? parsed(details) : details
  const isNone = value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  return isNone ? undefined : digestOf(canonicalDetails(value))
}

/**
 * The canonical text of details: equal for equal details. Names have the order of RFC 8785. The entries are sorted, because
 * an authorization server grants each entry separately. Arrays inside an entry keep their order, which may have a meaning.
 */
export const canonicalDetails = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map(canonical).sort().join()}]` : canonical(value)

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  // RFC 8785 section 3.2.3: sort by UTF-16 code units.
  const sorted = fields.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join()}}`
}

/** Parses JSON. A malformed text is its own value: the provider refuses it, and no other details have its key. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
