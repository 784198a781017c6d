import type { Collection } from '@carnet/core'

/**
 * The limit for opening the database and for a first read. WebKit may never answer until a reload, while the user waits. But
 * with a shorter limit, a slow disk would make the user seem signed out.
 */
const PATIENCE_MS = 3000

type Upgrade = (database: IDBDatabase, transaction: IDBTransaction | null) => void

/**
 * Called when a connection ends. `upgrade`: a newer version of Carnet upgrades the database. `late`: the database answered
 * after the limit, so another attempt will succeed.
 */
export type Lost = (why: string, how?: 'upgrade' | 'late') => void

export const COLLECTIONS: readonly Collection[] = [
  'accounts',
  'accessTokens',
  'refreshTokens',
  'consents',
  'transactions',
  'metadata',
]

/** One step per version: step `n` upgrades from version `n` to `n + 1`. Never change a released step. */
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
 * Opens the database at the newest version. The promise rejects if the database has a later version, if there is no
 * IndexedDB, or if a policy forbids it. `onLost` is called when the connection ends: a newer version of Carnet upgrades the
 * database, or the browser removed the data.
 */
export async function openConnection(
  name: string,
  onLost: Lost,
  upgrades: readonly Upgrade[] = UPGRADES,
): Promise<IDBDatabase> {
  const opening = indexedDB.open(name, upgrades.length)
  let why = 'it does not open'
  // The other connection should close by itself, but a frozen tab cannot close it.
  opening.onblocked = () => {
    why = 'an older tab holds it open'
  }
  opening.onupgradeneeded = ({ oldVersion }) => {
    for (const upgrade of upgrades.slice(oldVersion)) upgrade(opening.result, opening.transaction)
  }
  const database = await answerOf(
    opening,
    () => why,
    (late) => {
      late.close()
      onLost('it opened late', 'late')
    },
  )
  database.onversionchange = ({ newVersion }) => {
    database.close()
    onLost(
      'another tab upgrades or deletes the database',
      newVersion === null ? undefined : 'upgrade',
    )
  }
  database.onclose = () => onLost('the browser closed the database')
  return database
}

/**
 * Waits for the result of a request for a limited time.
 *
 * @param whyLate Returns the reason for the rejection when the time is over.
 * @param onLate Receives a result that arrives later.
 */
export function answerOf<T>(
  request: IDBRequest<T>,
  whyLate: () => string,
  onLate?: (answer: T) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      reject(new Error(whyLate()))
    }, PATIENCE_MS)
    request.onsuccess = () => {
      clearTimeout(timer)
      if (isLate) onLate?.(request.result)
      else resolve(request.result)
    }
    request.onerror = () => {
      clearTimeout(timer)
      reject(request.error)
    }
  })
}
