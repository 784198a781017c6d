/** Reads and writes journal entries without the store: in a worker, there is no client. */
import type { StoredRecord } from '@carnet/core'
import { algorithmFor, KEY_NAME, unseal, usableKey } from '../startup/cache/seal.ts'
import { type EntryPlace, JOURNAL, type JournalEntry } from './entry.ts'

/** The limit for one answer of IndexedDB. Without an answer the request is sent without the journal. */
const PATIENCE_MS = 3000

/**
 * Changes an entry, in a database that exists. Nothing here creates or upgrades a database: that is for pages only.
 *
 * @param change Returns the new entry; `null` deletes the entry, and `undefined` leaves it as it is.
 * @param mustExist True if a missing entry stays missing: a sign-out deleted it.
 * @returns True if the new entry was written. False without a database or a key, or if IndexedDB fails.
 */
export function updateEntry(
  place: EntryPlace,
  change: (entry: JournalEntry | undefined) => JournalEntry | null | undefined,
  mustExist = false,
): Promise<boolean> {
  const attempt = () => update(place, change, mustExist)
  return Promise.race([
    // The connection may end during an attempt, for example for an upgrade.
    attempt().catch(() => {
      connections.delete(place.database)
      return attempt().catch(() => false)
    }),
    new Promise<false>((resolve) => setTimeout(resolve, PATIENCE_MS, false)),
  ])
}

async function update(
  { database: name, key, keptForMs }: EntryPlace,
  change: (entry: JournalEntry | undefined) => JournalEntry | null | undefined,
  mustExist: boolean,
): Promise<boolean> {
  const database = await (connections.get(name) ?? openExisting(name))
  const reading = database.transaction(['keys', JOURNAL])
  const [stored, record] = await Promise.all([
    done<{ cryptoKey: unknown } | undefined>(reading.objectStore('keys').get(KEY_NAME)),
    done<StoredRecord | undefined>(reading.objectStore(JOURNAL).get(key)),
    reading.commit(), // An open transaction of a page that is left would block other tabs.
  ])
  const cryptoKey = usableKey(stored)
  if (!cryptoKey || (mustExist && !record)) return false
  // An entry that does not open counts as missing, and is replaced.
  const opened = record && (await unseal(JOURNAL, record, cryptoKey).catch(() => undefined))
  const next = change(opened?.value as JournalEntry | undefined)
  if (next === undefined) return false
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const text = new TextEncoder().encode(JSON.stringify(next))
  const data = await crypto.subtle.encrypt(algorithmFor(JOURNAL, key, iv), cryptoKey, text)
  const table = database.transaction(JOURNAL, 'readwrite').objectStore(JOURNAL)
  if (!(await done(table.getKey(key))) !== !record) return false
  const expiresAtMs = Date.now() + keptForMs
  const put = { tags: [], expiresAtMs, ...record, key, value: { version: 1, iv, data } }
  const written = next === null ? table.delete(key) : table.put(put)
  await Promise.all([done(written), table.transaction.commit()])
  return true
}

/** The open databases of this context. An answer is written soon after its request: it needs no second connection. */
const connections = new Map<string, Promise<IDBDatabase>>()

function openExisting(name: string): Promise<IDBDatabase> {
  const opening = indexedDB.open(name)
  // The database does not exist: end the transaction, so that it is not created.
  opening.onupgradeneeded = () => opening.transaction?.abort()
  const opened = done<IDBDatabase>(opening)
  const forget = () => connections.delete(name)
  connections.set(name, opened)
  opened.then((database) => {
    database.onclose = forget
    // A newer version of Carnet waits for this connection.
    database.onversionchange = () => {
      forget()
      database.close()
    }
  }, forget)
  return opened
}

const done = <T = unknown>(request: IDBRequest): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T)
    request.onerror = () => reject(request.error)
  })
