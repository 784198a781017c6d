import type { Collection, RecordStore, StoredRecord } from '@carnet/core'
import { algorithmFor, isPublic, type Sealed, unseal } from '../startup/cache/seal.ts'

/**
 * Creates a store that seals each value before it writes to `inner`, and opens each value that it reads. Keys, tags and expiry
 * are not encrypted, because look-ups need them. A record that does not open (sealed with another key, truncated, or copied to
 * another record key) is dropped. Reads then return no record, and `onDropped` is called.
 */
export function createSealedStore(
  inner: RecordStore,
  opening: Promise<CryptoKey>,
  onDropped: () => void = () => undefined,
): RecordStore {
  async function seal(collection: Collection, record: StoredRecord): Promise<StoredRecord> {
    if (isPublic(collection)) return record
    const iv = crypto.getRandomValues(new Uint8Array(12))
    const text = new TextEncoder().encode(JSON.stringify(record.value))
    const algorithm = algorithmFor(collection, record.key, iv)
    const data = await crypto.subtle.encrypt(algorithm, await opening, text)
    const value: Sealed = { version: 1, iv, data }
    return { ...record, value }
  }

  async function open(
    collection: Collection,
    record: StoredRecord | undefined,
  ): Promise<StoredRecord | undefined> {
    if (!record) return undefined
    const key = await opening
    try {
      return isPublic(collection) ? record : await unseal(collection, record, key)
    } catch {
      if (!isOfLaterVersion(record.value)) drop(collection, record.key)
      return undefined
    }
  }

  /** Deletes a record that cannot be opened: otherwise each page load would report it again. */
  function drop(collection: Collection, key: string): void {
    inner.write([{ type: 'delete', collection, key }]).catch(() => undefined)
    onDropped()
  }

  return {
    get: async (collection, key) => open(collection, await inner.get(collection, key)),
    take: async (collection, key) => open(collection, await inner.take(collection, key)),
    async find(collection, tag) {
      const found = await inner.find(collection, tag)
      const opened = await Promise.all(found.map((record) => open(collection, record)))
      return opened.flatMap((record) => record ?? [])
    },
    async write(changes, onlyIf) {
      const sealing = changes.map(async (change) =>
        change.type === 'put'
          ? { ...change, record: await seal(change.collection, change.record) }
          : change,
      )
      return inner.write(await Promise.all(sealing), onlyIf)
    },
    prune: (nowMs) => inner.prune(nowMs),
    close: () => inner.close(),
  }
}

/** True for a record that a newer version of Carnet sealed, maybe in another tab. Such a record is not dropped. */
const isOfLaterVersion = (value: unknown): boolean => {
  const { version } = Object(value) as { version?: unknown }
  return typeof version === 'number' && version > 1
}
