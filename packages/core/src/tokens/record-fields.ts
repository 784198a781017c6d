/** The last millisecond that a `Date` can be of. */
const LAST_MS = 8.64e15

const isInstant = (value: unknown) => typeof value === 'number' && Math.abs(value) <= LAST_MS
const isText = (value: unknown) => typeof value === 'string'
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText)

/** The names of the fields of each kind, between spaces; one that ends with `?` may be left out. */
export interface Fields {
  readonly texts: string
  readonly lists: string
  readonly instants: string
}

/** True where every field is of its kind. */
export function hasFields(
  record: Readonly<Record<string, unknown>>,
  { texts, lists, instants }: Fields,
): boolean {
  const are = (names: string, isRight: (value: unknown) => boolean) =>
    names.split(' ').every((name) => {
      const value = record[name.replace('?', '')]
      return (value === undefined && name.endsWith('?')) || isRight(value)
    })
  return are(texts, isText) && are(lists, isTexts) && are(instants, isInstant)
}
