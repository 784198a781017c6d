import {
  type Collection,
  matches,
  type RecordStore,
  type StoreChange,
  type StoredRecord,
} from './record-store.ts'

/** A store in memory, which can also list all its records. */
export interface MemoryStore extends RecordStore {
  /** All records, as the changes that write them to another store. */
  all(): Extract<StoreChange, { type: 'put' }>[]
}

/** Creates a store that is lost at a reload: for `cache.location: 'memory'`, and for clients whose storage failed. */
export function createMemoryStore(): MemoryStore {
  const tables = new Map<Collection, Table>()
  const table = (collection: Collection) => {
    const known = tables.get(collection) ?? createTable()
    tables.set(collection, known)
    return known
  }

  return {
    get: async (collection, key) => table(collection).records.get(key),
    find: async (collection, tag) => table(collection).tagged(tag),
    async take(collection, key) {
      const record = table(collection).records.get(key)
      table(collection).delete(key)
      return record
    },
    async write(changes, onlyIf) {
      if (onlyIf && !matches(table(onlyIf.collection).records.get(onlyIf.key), onlyIf)) return false
      for (const change of changes) {
        const { put, tagged, delete: remove } = table(change.collection)
        if (change.type === 'put') put(change.record)
        else if (change.type === 'delete') remove(change.key)
        else for (const { key } of tagged(change.tag)) remove(key)
      }
      return true
    },
    async prune(nowMs) {
      for (const { records, delete: remove } of tables.values())
        for (const record of [...records.values()])
          if (record.expiresAtMs < nowMs) remove(record.key)
    },
    all: () =>
      [...tables].flatMap(([collection, { records }]) =>
        [...records.values()].map((record) => ({ type: 'put', collection, record }) as const),
      ),
    close() {},
  }
}

/** The records of one collection. The cost of a look-up by key or tag does not grow with the number of records. */
interface Table {
  /** The records, by their keys. */
  readonly records: ReadonlyMap<string, StoredRecord>
  put(record: StoredRecord): void
  delete(key: string): void
  tagged(tag: string): StoredRecord[]
}

function createTable(): Table {
  const records = new Map<string, StoredRecord>()
  const keysByTag = new Map<string, Set<string>>()

  function remove(key: string): void {
    for (const tag of records.get(key)?.tags ?? []) {
      const keys = keysByTag.get(tag)
      keys?.delete(key)
      if (keys?.size === 0) keysByTag.delete(tag)
    }
    records.delete(key)
  }

  return {
    records,
    delete: remove,
    put(record) {
      remove(record.key)
      records.set(record.key, record)
      for (const tag of record.tags)
        keysByTag.set(tag, (keysByTag.get(tag) ?? new Set()).add(record.key))
    },
    tagged: (tag) => [...(keysByTag.get(tag) ?? [])].flatMap((key) => records.get(key) ?? []),
  }
}
