import { AuthError } from '@carnet/core'
import { createProofKey, type ProofAlgorithm, type ProofKey } from '@carnet/core/dpop'
import { type Database, type KeyTable, openDatabase } from '../storage/idb-database.ts'
import { place } from '../storage/transactions.ts'

/** A key in the table `keys`. The database stores the key object itself. */
interface StoredKey {
  readonly key: string
  readonly cryptoKey: CryptoKey
  readonly alg?: ProofAlgorithm
  readonly jwk?: Readonly<Record<string, string>>
  readonly createdAtMs?: number
}

/** The keys of one client. */
export interface Keys {
  create(alg: ProofAlgorithm): Promise<ProofKey>
  /** @throws AuthError `storage_unavailable` if the database cannot be read: the key may still exist. */
  find(jkt: string): Promise<ProofKey | undefined>
  forget(jkts: readonly string[]): Promise<void>
  /** The thumbprints of all keys that were created before `beforeMs`. */
  olderThan(beforeMs: number): Promise<string[]>
}

/**
 * Creates the keys of a partition. They stay in IndexedDB, whatever store holds the tokens.
 *
 * @param database Default: the keys live in the memory of the page.
 */
export function createKeys(
  partition: string,
  database: string | undefined,
  now: () => number,
): Keys {
  const inMemory = new Map<string, ProofKey>()
  const prefix = `dpop|${partition}|`

  /** @returns `undefined` without a database. */
  async function withDatabase<T>(work: (keys: Database) => Promise<T>): Promise<T | undefined> {
    if (database === undefined || !('indexedDB' in globalThis)) return undefined
    const opened = await openDatabase(database, () => undefined)
    try {
      return await work(opened)
    } finally {
      opened.close()
    }
  }

  /** Changes the table in one transaction, which ends with its last request: see `transactions.ts`. */
  const change = (apply: (table: KeyTable) => void) =>
    withDatabase(async (keys) => {
      const transaction = keys.transaction('keys', 'readwrite')
      apply(transaction.store)
      transaction.commit()
      await transaction.done
    })

  return {
    async create(alg) {
      const key = await createProofKey(alg)
      const { jkt, privateKey, jwk } = key
      const stored: StoredKey = {
        key: prefix + jkt,
        cryptoKey: privateKey,
        alg,
        jwk,
        createdAtMs: now(),
      }
      // Without a database the key ends with the page, as its tokens do.
      await change((table) => place(table.put(stored))).catch(() => undefined)
      inMemory.set(jkt, key)
      return key
    },

    async find(jkt) {
      const known = inMemory.get(jkt)
      if (known) return known
      const stored = await withDatabase((keys) => keys.get('keys', prefix + jkt)).catch((cause) => {
        throw new AuthError('storage_unavailable', 'The keys for DPoP could not be read.', {
          cause,
        })
      })
      const { cryptoKey, alg, jwk } = (stored ?? {}) as Partial<StoredKey>
      if (!(cryptoKey instanceof CryptoKey) || alg === undefined || jwk === undefined)
        return undefined
      const found = { privateKey: cryptoKey, alg, jwk, jkt }
      inMemory.set(jkt, found)
      return found
    },

    async forget(jkts) {
      for (const jkt of jkts) inMemory.delete(jkt)
      if (jkts.length === 0) return
      await change((table) => {
        for (const jkt of jkts) place(table.delete(prefix + jkt))
      }).catch(() => undefined)
    },

    async olderThan(beforeMs) {
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`)
      const stored = await withDatabase((keys) => keys.getAll('keys', range)).catch(() => [])
      return ((stored ?? []) as StoredKey[])
        .filter(({ createdAtMs = 0 }) => createdAtMs < beforeMs)
        .map(({ key }) => key.slice(prefix.length))
    },
  }
}
