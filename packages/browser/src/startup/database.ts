import type { Collection } from '@carnet/core'

/**
 * How long an open or a first read may take. WebKit may leave one unanswered until a reload, and a user waits for it. But
 * to a page that gives up on a slow disk, nobody seems to be signed in.
 */
const PATIENCE_MS = 3000

type Upgrade = (database: IDBDatabase, transaction: IDBTransaction | null) => void

/**
 * Hears why a connection ended, and how: for an upgrade, or because the database answered when nobody waited any more.
 * In the second case another attempt will succeed.
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
export async function openConnection(
  name: string,
  onLost: Lost,
  upgrades: readonly Upgrade[] = UPGRADES,
): Promise<IDBDatabase> {
  const opening = indexedDB.open(name, upgrades.length)
  let why = 'it does not open'
  // Another connection should have closed by itself, and a frozen tab cannot.
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
 * Waits for the answer of a request for a bounded time.
 *
 * @param whyLate Says why the promise rejects when the time is over.
 * @param onLate Receives an answer that comes after that.
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
