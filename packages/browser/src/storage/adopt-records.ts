/** A separate file, which loads only if an early version has stored records. */
export { adoptRecords } from '@carnet/core'
