import type { Collection, StoreChange } from '@carnet/core'

/** True if a change puts or deletes the record with this key. */
export const isAbout = (change: StoreChange, collection: Collection, key: string): boolean =>
  change.collection === collection &&
  change.type !== 'deleteTagged' &&
  (change.type === 'put' ? change.record.key : change.key) === key

/** True if a change puts a record with this tag. */
export const isTagged = (change: StoreChange, collection: Collection, tag: string): boolean =>
  change.collection === collection && change.type === 'put' && change.record.tags.includes(tag)
