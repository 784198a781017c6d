import type { Collection } from '@carnet/core'

/** For how long an open may take. */
const PATIENCE_MS = 3000

type Upgrade = (database: IDBDatabase, transaction: IDBTransaction | null) => void

/** Hears why a connection ended, and whether for an upgrade. */
export type Lost = (why: string, isUpgrade: boolean) => void

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
export function openConnection(
  name: string,
  onLost: Lost,
  upgrades: readonly Upgrade[] = UPGRADES,
): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name, upgrades.length)
    let why = 'it does not open'
    // Another connection should have closed by itself, and a frozen tab cannot; or the browser is stuck. Nobody
    // waits for either.
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      reject(new Error(why))
    }, PATIENCE_MS)
    opening.onblocked = () => {
      why = 'an older tab holds it open'
    }
    opening.onupgradeneeded = ({ oldVersion }) => {
      for (const upgrade of upgrades.slice(oldVersion)) upgrade(opening.result, opening.transaction)
    }
    opening.onerror = () => {
      clearTimeout(timer)
      reject(opening.error)
    }
    opening.onsuccess = () => {
      clearTimeout(timer)
      const database = opening.result
      database.onversionchange = ({ newVersion }) => {
        database.close()
        onLost('another tab upgrades or deletes the database', newVersion !== null)
      }
      database.onclose = () => onLost('the browser closed the database', false)
      if (isLate) database.close()
      else resolve(database)
    }
  })
}
