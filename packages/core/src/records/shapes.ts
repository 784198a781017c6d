/** Guards of fields that only few shapes have: apart from `shape.ts`, which a page loads first. */
import { asObject } from '../encoding/json.ts'
import type { Guard } from './shape.ts'

/* @__NO_SIDE_EFFECTS__ */
export const oneOf =
  (...values: readonly unknown[]): Guard =>
  (value) =>
    values.includes(value)

/** An object with values of one kind, and with any names or such as `isName` accepts. */
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
