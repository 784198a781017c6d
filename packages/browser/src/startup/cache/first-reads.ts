import type { Collection, StoreChange, StoredRecord } from '@carnet/core'
import { answerOf, type Lost, openConnection } from './database.ts'
import { KEY_NAME, unseal, usableKey } from './seal.ts'

/** Reads of the database before the full store is loaded. Most page loads need no more at first. */
export interface FirstReads {
  readonly opening: Promise<IDBDatabase>
  /** The records that were read, unsealed. */
  readonly seen: readonly StoreChange[]
  /** The key that opens the records, if there is one. */
  readonly key: Promise<CryptoKey | undefined>
  /** True if an earlier page has not finished a sign-in. */
  readonly isUnfinished: Promise<boolean>
  /** Rejects if storage fails, or if a record does not open; the full store handles these cases. */
  find(collection: Collection, tag: string): Promise<StoredRecord[]>
  /** Calls back when the connection is lost, or at once if it is already lost. */
  onLost(callback: Lost): void
}

/**
 * Opens the database of a cache, and reads.
 *
 * @param unfinished The tag of the sign-ins that no page has finished.
 */
export function openFirstReads(name: string, unfinished = ''): FirstReads {
  const seen: StoreChange[] = []
  let lost: Parameters<Lost> | undefined
  let report: Lost = (...how) => {
    lost = how
  }
  const opening = openConnection(name, (...how) => report(...how))
  /** A connection that does not answer after it opened counts as lost, so that the full store does not wait again. */
  const done = <T>(request: IDBRequest<T>) =>
    answerOf(request, () => {
      const why = 'it does not answer'
      report(why)
      return why
    })
  // One transaction for both reads.
  const reading = opening.then((database) => database.transaction(['keys', 'transactions']))
  const key = reading.then(async (transaction) =>
    usableKey(await done(transaction.objectStore('keys').get(KEY_NAME))),
  )
  key.catch(() => undefined) // The next read reports the failure.
  const isUnfinished = reading
    .then((transaction) => {
      const found = done(transaction.objectStore('transactions').index('tags').getKey(unfinished))
      // The last request: an open transaction of a page that is left would block other tabs.
      transaction.commit()
      return found
    })
    .then(Boolean, () => false)

  return {
    opening,
    seen,
    key,
    isUnfinished,
    async find(collection, tag) {
      const table = (await opening).transaction(collection).objectStore(collection)
      const found: StoredRecord[] = await done(table.index('tags').getAll(tag))
      if (found.length === 0) return found
      // Without the key no record opens, so this rejects too.
      const cryptoKey = (await key) as CryptoKey
      const records = await Promise.all(
        found.map((record) => unseal(collection, record, cryptoKey)),
      )
      for (const record of records) seen.push({ type: 'put', collection, record })
      return records
    },
    onLost(callback) {
      report = callback
      if (lost) callback(...lost)
    },
  }
}
