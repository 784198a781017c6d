/** Loaded only where an early version has stored something. */
export { adoptRecords } from '@carnet/core'
