/** Guards that few shapes need. They are not in `shape.ts`, because a page loads that file first. */
import { asObject, type Guard } from './shape.ts'

/* @__NO_SIDE_EFFECTS__ */
export const oneOf =
  (...values: readonly unknown[]): Guard =>
  (value) =>
    values.includes(value)

/**
 * Accepts an object whose values all pass `is`.
 *
 * @param isName Accepts the names of the object. Default: every name.
 */
/* @__NO_SIDE_EFFECTS__ */
export const dictionaryOf =
  (is: Guard, isName: Guard = () => true): Guard =>
  (value) => {
    const object = asObject(value)
    return (
      object !== undefined &&
      Object.entries(object).every(([name, field]) => isName(name) && is(field))
    )
  }
