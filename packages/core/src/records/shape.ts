/** `value` if it is an object, but no array and not null; else `undefined`. */
export const asObject = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined

/** Returns true if the value of a field is valid. */
export type Guard = (value: unknown) => boolean

/** Parses a value from outside: a stored record, a message, a response. `undefined` if the value has another shape. */
export type Read<T> = (value: unknown) => T | undefined

/** The last millisecond that a `Date` can represent. */
const LAST_MS = 8.64e15

export const text: Guard = (value) => typeof value === 'string'
/** A number of milliseconds or seconds, within the range of a `Date`. */
export const instant: Guard = (value) => typeof value === 'number' && Math.abs(value) <= LAST_MS
/* @__NO_SIDE_EFFECTS__ */
export const listOf =
  (is: Guard): Guard =>
  (value) =>
    Array.isArray(value) && value.every(is)
export const texts = listOf(text)
/* @__NO_SIDE_EFFECTS__ */
export const optional =
  (is: Guard): Guard =>
  (value) =>
    value === undefined || is(value)

/** Accepts a value that `read` can parse: a nested shape. */
/* @__NO_SIDE_EFFECTS__ */
export const of =
  (read: Read<unknown>): Guard =>
  (value) =>
    read(value) !== undefined

/**
 * Creates the reader of objects with these fields. TypeScript requires each field of `T`, except the fields in `Unchecked`.
 * The reader keeps other fields, because a later version may have written them.
 */
/* @__NO_SIDE_EFFECTS__ */
export function shape<T, Unchecked extends keyof T = never>(
  fields: {
    readonly [Name in Exclude<keyof T, Unchecked>]-?: Guard
  },
): Read<T> {
  const guards = Object.entries<Guard>(fields)
  return (value) => {
    const object = asObject(value)
    return object && guards.every(([name, is]) => is(object[name])) ? (object as T) : undefined
  }
}
