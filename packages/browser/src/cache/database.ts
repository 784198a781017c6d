import type { Collection, StoredRecord } from '@carnet/core'
import { type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from 'idb'

/** The collections, and the keys that seal them. */
export interface Schema {
  accounts: RecordTable
  accessTokens: RecordTable
  refreshTokens: RecordTable
  consents: RecordTable
  transactions: RecordTable
  metadata: RecordTable
  keys: { key: string; value: { key: string; cryptoKey: CryptoKey } }
}

interface RecordTable {
  key: string
  value: StoredRecord
  indexes: { tags: string; expiresAtMs: number }
}

export type Database = IDBPDatabase<Schema>

/** For how long an open may take. */
const PATIENCE_MS = 3000

type Upgrade = (
  database: Database,
  transaction: IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>,
) => void

export const COLLECTIONS: readonly Collection[] = [
  'accounts',
  'accessTokens',
  'refreshTokens',
  'consents',
  'transactions',
  'metadata',
]

/** One step per version, never changed once released: step `n` leads from version `n` to `n + 1`. */
export const UPGRADES: readonly Upgrade[] = [
  (database) => {
    for (const name of COLLECTIONS) {
      const table = database.createObjectStore(name, { keyPath: 'key' })
      table.createIndex('tags', 'tags', { multiEntry: true })
      table.createIndex('expiresAtMs', 'expiresAtMs')
    }
    database.createObjectStore('keys', { keyPath: 'key' })
  },
]

/**
 * Opens the database at the newest version. A database of a later version is left alone: the promise
 * rejects. `onLost` is told when the connection ends: a newer version of Carnet upgrades it, or
 * the browser took the data away. Where there is no IndexedDB, or a policy forbids it, the promise
 * rejects too.
 */
export async function openDatabase(
  name: string,
  onLost: (why: string, isUpgrade: boolean) => void,
  upgrades: readonly Upgrade[] = UPGRADES,
): Promise<Database> {
  let blocked = false
  const opening = openDB<Schema>(name, upgrades.length, {
    upgrade(database, oldVersion, _newVersion, transaction) {
      for (const upgrade of upgrades.slice(oldVersion)) upgrade(database, transaction)
    },
    blocked() {
      blocked = true
    },
    blocking(_current, wanted, event) {
      ;(event.target as IDBDatabase).close()
      onLost('another tab upgrades or deletes the database', wanted !== null)
    },
    terminated() {
      onLost('the browser closed the database', false)
    },
  })
  // Another connection should have closed by itself, and a frozen tab cannot; or the browser is stuck. Nobody
  // waits for either.
  const patience = new Promise<never>((_resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(blocked ? 'another tab holds an older database open' : 'it does not open'))
      opening.then((database) => database.close()).catch(() => undefined)
    }, PATIENCE_MS)
    opening.finally(() => clearTimeout(timer)).catch(() => undefined)
  })
  return Promise.race([opening, patience])
}
