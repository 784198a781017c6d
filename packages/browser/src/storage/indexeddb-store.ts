import { isMeant, type RecordStore, type StoreChange } from '@carnet/core'
import { COLLECTIONS } from '../startup/database.ts'
import type { Database } from './idb-database.ts'

/** The store that every tab of the origin shares: IndexedDB is the truth between tabs. */
export function createIndexedDbStore(opening: Promise<Database>): RecordStore {
  return {
    get: async (collection, key) => (await opening).get(collection, key),
    find: async (collection, tag) => (await opening).getAllFromIndex(collection, 'tags', tag),

    async take(collection, key) {
      const transaction = (await opening).transaction(collection, 'readwrite')
      const [record] = await Promise.all([
        transaction.store.get(key),
        transaction.store.delete(key),
        transaction.done,
      ])
      return record
    },

    async write(changes, onlyIf) {
      if (changes.length === 0) return true
      const touched = [...changes, ...(onlyIf ? [onlyIf] : [])]
      const collections = [...new Set(touched.map(({ collection }) => collection))]
      const transaction = (await opening).transaction(collections, 'readwrite')
      if (onlyIf) {
        const { collection, key } = onlyIf
        if (!isMeant(await transaction.objectStore(collection).get(key), onlyIf)) return false
      }
      const apply = async (change: StoreChange): Promise<unknown> => {
        const table = transaction.objectStore(change.collection)
        if (change.type === 'put') return table.put(change.record)
        if (change.type === 'delete') return table.delete(change.key)
        const keys = await table.index('tags').getAllKeys(change.tag)
        return Promise.all(keys.map((key) => table.delete(key)))
      }
      transaction.done.catch(() => undefined)
      try {
        // One after the other: a deletion by tag must not meet what is put after it. Nothing but the
        // transaction's own requests is waited for: else it would end by itself.
        for (const change of changes) await apply(change)
      } catch (error) {
        transaction.abort() // A change that was refused leaves the others standing otherwise.
        throw error
      }
      await transaction.done
      return true
    },

    async prune(nowMs) {
      const transaction = (await opening).transaction([...COLLECTIONS], 'readwrite')
      const expired = IDBKeyRange.upperBound(nowMs, true)
      const pruneOne = async (name: (typeof COLLECTIONS)[number]) => {
        const table = transaction.objectStore(name)
        const keys = await table.index('expiresAtMs').getAllKeys(expired)
        await Promise.all(keys.map((key) => table.delete(key)))
      }
      await Promise.all([...COLLECTIONS.map(pruneOne), transaction.done])
    },

    close() {
      opening.then((database) => database.close()).catch(() => undefined)
    },
  }
}
