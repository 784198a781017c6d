import type { Collection, StoredRecord, TokenStore } from '@carnet/core'
import { isPublic } from './database.ts'

/** A value that only the holder of the key can read. */
interface Sealed {
  readonly version: 1
  readonly iv: Uint8Array<ArrayBuffer>
  readonly data: ArrayBuffer
}

/**
 * Seals every value on its way into `inner` and opens it on its way out. Keys, tags and expiry stay in
 * clear, for look-ups. A record that does not open (another key, truncated, or moved to another place) is
 * dropped, never thrown, and `onDropped` is told.
 */
export function createSealedStore(
  inner: TokenStore,
  opening: Promise<CryptoKey>,
  onDropped: () => void = () => undefined,
): TokenStore {
  async function seal(collection: Collection, record: StoredRecord): Promise<StoredRecord> {
    if (isPublic(collection)) return record
    const iv = crypto.getRandomValues(new Uint8Array(12))
    const text = new TextEncoder().encode(JSON.stringify(record.value))
    const data = await crypto.subtle.encrypt(algorithm(collection, record, iv), await opening, text)
    const value: Sealed = { version: 1, iv, data }
    return { ...record, value }
  }

  async function unseal(
    collection: Collection,
    record: StoredRecord | undefined,
  ): Promise<StoredRecord | undefined> {
    if (!record || isPublic(collection)) return record
    const key = await opening
    try {
      const { iv, data } = parseSealed(record.value)
      const text = await crypto.subtle.decrypt(algorithm(collection, record, iv), key, data)
      return { ...record, value: JSON.parse(new TextDecoder().decode(text)) }
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
    get: async (collection, key) => unseal(collection, await inner.get(collection, key)),
    take: async (collection, key) => unseal(collection, await inner.take(collection, key)),
    async find(collection, tag) {
      const found = await inner.find(collection, tag)
      const opened = await Promise.all(found.map((record) => unseal(collection, record)))
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

/** The place of the record is authenticated with it: a record copied over another does not open. */
const algorithm = (
  collection: Collection,
  { key }: StoredRecord,
  iv: Uint8Array<ArrayBuffer>,
): AesGcmParams => ({
  name: 'AES-GCM',
  iv,
  additionalData: new TextEncoder().encode(`1|${collection}|${key}`),
})

/** A newer Carnet in another tab may seal otherwise: what it wrote is not ours to drop. */
const isOfLaterVersion = (value: unknown): boolean => {
  const version = (value as { version?: unknown } | null | undefined)?.version
  return typeof version === 'number' && version > 1
}

function parseSealed(value: unknown): Sealed {
  const sealed = value as Partial<Sealed> | null | undefined
  if (
    sealed?.version === 1 &&
    sealed.iv instanceof Uint8Array &&
    sealed.data instanceof ArrayBuffer
  )
    return sealed as Sealed
  throw new TypeError('not a sealed value')
}
