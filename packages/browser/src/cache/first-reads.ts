import type { Collection, StoreChange, StoredRecord } from '@carnet/core'
import { type Database, openDatabase } from './database.ts'
import { storedKey, unseal } from './seal.ts'

/** What is read of the database before the whole store is there, which most page loads can do without for a while. */
export interface FirstReads {
  readonly opening: Promise<Database>
  /** What was read, opened. */
  readonly seen: readonly StoreChange[]
  /** Rejects where storage fails, or a record does not open: the whole store knows what to do. */
  find(collection: Collection, tag: string): Promise<StoredRecord[]>
  /** Calls back when the connection is lost, or at once where it was. */
  onLost(callback: Lost): void
}

type Lost = (why: string, isUpgrade: boolean) => void

/** Opens the database of a cache, and reads. */
export function openFirstReads(name: string): FirstReads {
  const seen: StoreChange[] = []
  let lost: Parameters<Lost> | undefined
  let tell: Lost = (...how) => {
    lost = how
  }
  const opening = openDatabase(name, (...how) => tell(...how))
  const key = opening.then(storedKey)
  key.catch(() => undefined) // Whoever reads hears of it.

  return {
    opening,
    seen,
    async find(collection, tag) {
      const database = await opening
      const found = await database.getAllFromIndex(collection, 'tags', tag)
      const cryptoKey = found.length > 0 ? await key : undefined
      if (found.length > 0 && !cryptoKey) throw new Error('The key is gone.')
      const open = cryptoKey && ((record: StoredRecord) => unseal(collection, record, cryptoKey))
      const records = open ? await Promise.all(found.map(open)) : []
      for (const record of records) seen.push({ type: 'put', collection, record })
      return records
    },
    onLost(callback) {
      tell = callback
      if (lost) callback(...lost)
    },
  }
}
