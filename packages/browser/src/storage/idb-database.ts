import type { Collection, StoredRecord } from '@carnet/core'
import { type IDBPDatabase, type IDBPObjectStore, type IDBPTransaction, wrap } from 'idb'
import { openConnection } from '../startup/cache/database.ts'

/** The collections, and the keys that seal them. */
interface Schema {
  accounts: RecordTable
  accessTokens: RecordTable
  refreshTokens: RecordTable
  consents: RecordTable
  transactions: RecordTable
  metadata: RecordTable
  /** The key that seals records, and the keys for DPoP. */
  keys: { key: string; value: { key: string; cryptoKey: CryptoKey } }
}

interface RecordTable {
  key: string
  value: StoredRecord
  indexes: { tags: string; expiresAtMs: number }
}

export type Database = IDBPDatabase<Schema>

export type Transaction<Mode extends IDBTransactionMode> = IDBPTransaction<
  Schema,
  Collection[],
  Mode
>

/** The table `keys` in a transaction that writes. */
export type KeyTable = IDBPObjectStore<Schema, ['keys'], 'keys', 'readwrite'>

/** A connection with methods that return promises. */
export const wrapConnection = (connection: IDBDatabase): Database =>
  wrap(connection) as IDBPDatabase<unknown> as Database

/** `openConnection`, wrapped. */
export const openDatabase = async (...how: Parameters<typeof openConnection>): Promise<Database> =>
  wrapConnection(await openConnection(...how))
