import type { Collection, StoreChange, StoredRecord } from '@carnet/core'
import { answerOf, type Lost, openConnection } from './database.ts'
import { KEY_NAME, unseal, usableKey } from './seal.ts'

/** What is read of the database before the whole store is there, which most page loads can do without for a while. */
export interface FirstReads {
  readonly opening: Promise<IDBDatabase>
  /** What was read, opened. */
  readonly seen: readonly StoreChange[]
  /** What opens the records, where there are any. */
  readonly key: Promise<CryptoKey | undefined>
  /** Rejects where storage fails, or a record does not open: the whole store knows what to do. */
  find(collection: Collection, tag: string): Promise<StoredRecord[]>
  /** Calls back when the connection is lost, or at once where it was. */
  onLost(callback: Lost): void
}

/** Opens the database of a cache, and reads. */
export function openFirstReads(name: string): FirstReads {
  const seen: StoreChange[] = []
  let lost: Parameters<Lost> | undefined
  let tell: Lost = (...how) => {
    lost = how
  }
  const opening = openConnection(name, (...how) => tell(...how))
  /** A connection that opens and then does not answer is lost: the whole store need not wait for it again. */
  const done = <T>(request: IDBRequest<T>) =>
    answerOf(request, () => {
      const why = 'it does not answer'
      tell(why)
      return why
    })
  const key = opening.then(async (database) =>
    usableKey(await done(database.transaction('keys').objectStore('keys').get(KEY_NAME))),
  )
  key.catch(() => undefined) // Whoever reads hears of it.

  return {
    opening,
    seen,
    key,
    async find(collection, tag) {
      const table = (await opening).transaction(collection).objectStore(collection)
      const found: StoredRecord[] = await done(table.index('tags').getAll(tag))
      if (found.length === 0) return found
      // Where the key is gone, nothing opens: that rejects, too.
      const cryptoKey = (await key) as CryptoKey
      const records = await Promise.all(
        found.map((record) => unseal(collection, record, cryptoKey)),
      )
      for (const record of records) seen.push({ type: 'put', collection, record })
      return records
    },
    onLost(callback) {
      tell = callback
      if (lost) callback(...lost)
    },
  }
}
