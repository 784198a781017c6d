import type { Collection, RecordStore, StoredRecord } from '@carnet/core'
import { algorithmFor, isPublic, type Sealed, unseal } from '../startup/seal.ts'

/**
 * Seals every value on its way into `inner` and opens it on its way out. Keys, tags and expiry stay in
 * clear, for look-ups. A record that does not open (another key, truncated, or moved to another place) is
 * dropped, never thrown, and `onDropped` is told.
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

  /** What nobody can open is of no use to anybody, and would be stumbled over at each load. */
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

/** A newer Carnet in another tab may seal otherwise: what it wrote is not ours to drop. */
const isOfLaterVersion = (value: unknown): boolean => {
  const { version } = Object(value) as { version?: unknown }
  return typeof version === 'number' && version > 1
}
