import { asObject, type Read } from './shape.ts'

/** How one kind of record is written and read. */
export interface Format<T> {
  /** Reads a record of this version or an earlier one; `undefined` for any other value. */
  readonly read: Read<T>
  /** The value to store. */
  write(record: T): T & { readonly version: number }
}

/**
 * The format of one kind of record: `version` is written into each. Records of early versions have none and count as
 * version 1. A record of a later version is not read: another tab may run a newer Carnet.
 *
 * @param upgrade Makes the fields of this version from those of an earlier one, or from a value that had none.
 */
/* @__NO_SIDE_EFFECTS__ */
export const formatOf = <T extends object>(
  version: number,
  read: Read<T>,
  upgrade: (fields: Readonly<Record<string, unknown>>, value: unknown) => unknown = (old) => old,
): Format<T> => ({
  read(value) {
    const { version: written = 1, ...fields } = asObject(value) ?? {}
    if (written === version) return read(fields)
    return typeof written === 'number' && written < version
      ? read(upgrade(fields, value))
      : undefined
  },
  write: (record) => ({ ...record, version }),
})
