import type { Collection, RecordCondition, StoreChange, StoredRecord } from '@carnet/core'
import type { SharedStore } from '../stores/shared-store.ts'
import { decodeValue, encodeValue } from '../stores/value-codec.ts'
import type { Keyring } from './keyring.ts'
import type { RecordNames } from './record-names.ts'
import { openText, type Place, sealText } from './sealed-text.ts'

/** A store whose records are sealed. */
export interface SealedStore extends SharedStore {
  /** The records that did not open. */
  unreadableRecords(): number
  /** The oldest key that opened a record since the start. */
  oldestKeyInUse(): string | undefined
}

/**
 * Seals the records of a store with AES-256-GCM, each under its own random IV. The names, tags and expiry of a record are
 * authenticated with it: a record that was moved to another name does not open. The names are hashes (`record-names.ts`).
 *
 * A record that does not open is ignored and counted, and never deleted: another machine may already have a newer key.
 */
export function createSealedStore(
  store: SharedStore,
  keys: Keyring,
  { nameOf }: RecordNames,
): SealedStore {
  let unreadable = 0
  let oldest = -1

  function seal(collection: Collection, record: StoredRecord): StoredRecord {
    const named = {
      key: nameOf(record.key),
      tags: record.tags.map((tag) => nameOf(tag, record.key)),
      expiresAtMs: record.expiresAtMs,
    }
    const { value, tags } = record
    const text = encodeValue({ key: record.key, tags: [...tags], value })
    return { ...named, value: sealText(keys, placeOf(collection, named), text) }
  }

  function open(collection: Collection, record: StoredRecord | undefined) {
    const opened = record && opening(collection, record)
    if (record && !opened) unreadable += 1
    return opened
  }

  function opening(collection: Collection, record: StoredRecord): StoredRecord | undefined {
    const { value, expiresAtMs } = record
    const opened = openText(
      keys,
      placeOf(collection, record),
      typeof value === 'string' ? value : '',
    )
    if (!opened) return undefined
    oldest = Math.max(oldest, keys.ids.indexOf(opened.keyId))
    try {
      const { key, tags, value: held } = decodeValue(opened.text) as StoredRecord
      return { key, tags, expiresAtMs, value: held }
    } catch {
      return undefined
    }
  }

  const sealChange = (change: StoreChange): StoreChange => {
    const { collection } = change
    if (change.type === 'put') return { ...change, record: seal(collection, change.record) }
    if (change.type === 'delete') return { ...change, key: nameOf(change.key) }
    return { ...change, tag: nameOf(change.tag) }
  }
  const sealName = ({ collection, key, tag }: RecordCondition): RecordCondition => ({
    collection,
    key: nameOf(key),
    tag: tag === undefined ? undefined : nameOf(tag, key),
  })
  const { withLock, onChange, warnings } = store

  return {
    get: async (collection, key) => open(collection, await store.get(collection, nameOf(key))),
    async find(collection, tag) {
      const found = await store.find(collection, nameOf(tag))
      return found.flatMap((record) => open(collection, record) ?? [])
    },
    take: async (collection, key) => open(collection, await store.take(collection, nameOf(key))),
    write: (changes, onlyIf) => store.write(changes.map(sealChange), onlyIf && sealName(onlyIf)),
    prune: (nowMs) => store.prune(nowMs),
    close: () => store.close(),
    ...(withLock && {
      withLock: (name, work) => withLock.call(store, nameOf(name), work) as never,
    }),
    ...(onChange && { onChange: (listener) => onChange.call(store, listener) }),
    ...(warnings && { warnings: () => warnings.call(store) }),
    unreadableRecords: () => unreadable,
    oldestKeyInUse: () => keys.ids[oldest],
  }
}

/** The data that a sealed value is bound to. */
const placeOf =
  (
    collection: Collection,
    { key, tags, expiresAtMs }: Pick<StoredRecord, 'key' | 'tags' | 'expiresAtMs'>,
  ): Place =>
  (keyId) => [1, keyId, collection, key, [...tags].sort(), expiresAtMs]
