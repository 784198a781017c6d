import { asObject, type Read } from './shape.ts'

/** Reads and writes one kind of record. */
export interface Format<T> {
  /** Reads a record of this version or an earlier one; `undefined` for any other value. */
  readonly read: Read<T>
  /** Returns the value to store. */
  write(record: T): T & { readonly version: number }
}

/**
 * Creates the format of one kind of record. Each stored record carries `version`. Records of early versions have no version
 * and count as version 1. A record of a later version is not read: another tab may run a newer Carnet.
 *
 * @param upgrade Converts the fields of an earlier version, or a value without a version, to the fields of this version.
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
