/** The last millisecond that a `Date` can be of. */
const LAST_MS = 8.64e15

const isInstant = (value: unknown) => typeof value === 'number' && Math.abs(value) <= LAST_MS
const isText = (value: unknown) => typeof value === 'string'
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText)

const IS = { text: isText, texts: isTexts, instant: isInstant }

/** True where every field is of its kind; one whose name ends with `?` may be left out. */
export const hasFields = (
  record: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, keyof typeof IS>>,
): boolean =>
  Object.entries(fields).every(([name, kind]) => {
    const value = record[name.replace('?', '')]
    return (value === undefined && name.endsWith('?')) || IS[kind](value)
  })
