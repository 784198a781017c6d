import { matches, type RecordStore, type StoreChange } from '@carnet/core'
import { COLLECTIONS } from '../startup/cache/database.ts'
import type { Database } from './idb-database.ts'

/** Creates the store that all tabs of the origin share. */
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
        if (!matches(await transaction.objectStore(collection).get(key), onlyIf)) return false
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
        // One after the other: a deletion by tag must not delete a later put. Await only requests of the transaction here;
        // otherwise it would end automatically.
        for (const change of changes) await apply(change)
      } catch (error) {
        transaction.abort() // Otherwise the other changes would stay after a failed change.
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
