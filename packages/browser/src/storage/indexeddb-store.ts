import { matches, type RecordStore, type StoreChange } from '@carnet/core'
import { COLLECTIONS } from '../startup/cache/database.ts'
import type { Database, Transaction } from './idb-database.ts'
import { createTransactions, type PageEvents, place } from './transactions.ts'

/**
 * Creates the store that all tabs of the origin share.
 *
 * @param page The events of the page, if the store belongs to a page.
 */
export function createIndexedDbStore(opening: Promise<Database>, page?: PageEvents): RecordStore {
  const transactions = createTransactions(opening, page)
  return {
    get: (collection, key) =>
      transactions.run([collection], 'readonly', async (transaction, last) => {
        const record = transaction.objectStore(collection).get(key)
        last()
        return record
      }),

    find: (collection, tag) =>
      transactions.run([collection], 'readonly', async (transaction, last) => {
        const records = transaction.objectStore(collection).index('tags').getAll(tag)
        last()
        return records
      }),

    take: (collection, key) =>
      transactions.run([collection], 'readwrite', async (transaction, last) => {
        const table = transaction.objectStore(collection)
        const record = table.get(key)
        place(table.delete(key))
        last()
        return record
      }),

    async write(changes, onlyIf) {
      if (changes.length === 0) return true
      const touched = [...changes, ...(onlyIf ? [onlyIf] : [])]
      const collections = [...new Set(touched.map(({ collection }) => collection))]
      return transactions.run(collections, 'readwrite', async (transaction, last) => {
        if (onlyIf) {
          const { collection, key } = onlyIf
          if (!matches(await transaction.objectStore(collection).get(key), onlyIf)) {
            last()
            return false
          }
        }
        try {
          // One after the other: a deletion by tag must not delete a later put.
          for (const change of changes) await apply(transaction, change)
        } catch (error) {
          transaction.abort() // Otherwise the other changes would stay after a failed change.
          throw error
        }
        last()
        return true
      })
    },

    prune: (nowMs) =>
      transactions.run(COLLECTIONS, 'readwrite', async (transaction, last) => {
        const expired = IDBKeyRange.upperBound(nowMs, true)
        const pruneOne = async (name: (typeof COLLECTIONS)[number]) => {
          const table = transaction.objectStore(name)
          const keys = await table.index('expiresAtMs').getAllKeys(expired)
          for (const key of keys) place(table.delete(key))
        }
        await Promise.all(COLLECTIONS.map(pruneOne))
        last()
      }),

    close() {
      transactions.close()
      opening.then((database) => database.close()).catch(() => undefined)
    },
  }
}

/** Places the requests of a change. Only a deletion by tag needs an answer before its last request. */
async function apply(transaction: Transaction<'readwrite'>, change: StoreChange): Promise<void> {
  const table = transaction.objectStore(change.collection)
  if (change.type === 'put') place(table.put(change.record))
  else if (change.type === 'delete') place(table.delete(change.key))
  else for (const key of await table.index('tags').getAllKeys(change.tag)) place(table.delete(key))
}
