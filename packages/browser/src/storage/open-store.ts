import type { Collection, RecordStore } from '@carnet/core'
import type { CacheConfig } from '../api/config.ts'
import { type Lost, openConnection } from '../startup/cache/database.ts'
import type { FirstReads } from '../startup/cache/first-reads.ts'
import type { FirstPage } from '../startup/page/first-page.ts'
import { createPageLock } from '../tabs/lock.ts'
import { createBoundedStore, within } from './bounded-store.ts'
import { type Database, wrapConnection } from './idb-database.ts'
import { createIndexedDbStore } from './indexeddb-store.ts'
import { createLease } from './lease.ts'
import { createResilientStore } from './resilient-store.ts'
import { createSealedStore } from './sealed-store.ts'
import { areSameKey, sealingKey } from './sealing-key.ts'

/** The limit for one operation of IndexedDB. It normally takes milliseconds, and on a busy machine some hundreds. */
const ANSWER_WITHIN_MS = 3000

/** The store of a client. It continues in memory if storage fails. */
export interface ClientStore extends RecordStore {
  /** True while storage does not work. Later writes survive a reload only if storage works again before. */
  isDegraded(): boolean
  /** Runs `work` while no other tab runs work with the same name: for browsers without Web Locks. */
  withLease<T>(name: string, work: () => Promise<T>): Promise<T>
}

/** The options of `openStore`. */
export interface StoreOptions {
  /** The longest wait for the lease of another tab, in milliseconds. */
  readonly patienceMs?: number
  /** The first reads of the page, with the connection that this store continues to use. */
  readonly first?: FirstReads | undefined
  /** The events of the page, if the store belongs to a page. */
  readonly page?: Pick<FirstPage, 'onStored' | 'onRestored'> | undefined
  /** Collections in the memory of the page, whatever the location. Default: none. */
  readonly inPage?: readonly Collection[]
  /** Called when storage works again: the client must read the changes of other tabs. */
  readonly onHealed?: () => void
}

/**
 * Opens the store of a client. Pending interactions and provider metadata are in IndexedDB for every location of the tokens,
 * because a redirect must survive its navigation.
 *
 * @param onDegraded Called when storage fails, and when records could not be opened.
 */
export async function openStore(
  { location, name, store }: Omit<CacheConfig, 'persist'>,
  onDegraded: (cause: unknown) => void,
  { patienceMs = 0, first, page, inPage, onHealed = () => undefined }: StoreOptions = {},
): Promise<ClientStore> {
  const isElsewhere = location !== 'indexeddb' || store !== undefined
  // Load this part first: if it fails to load, no connection stays open.
  const part = isElsewhere || inPage ? await import('./other-stores.ts') : undefined
  let isReported = false
  const tellOnce = (cause: unknown) => {
    if (isReported) return // Two stores may report the same failure.
    isReported = true
    onDegraded(cause)
  }
  let dropped = false
  const onDropped = () => {
    if (dropped) return
    dropped = true
    onDegraded(new Error('Some stored records could not be opened, and were dropped.'))
  }
  let opening: Promise<Database>
  let key: Promise<CryptoKey>
  let keyBefore: Promise<CryptoKey> | undefined
  let handedOver = first
  const onLost: Lost = (why, how) =>
    how === 'late' ? database.retry() : database.degrade(new Error(why), how === 'upgrade')
  const database = createResilientStore(
    () => {
      opening = (handedOver?.opening ?? openConnection(name, onLost)).then(wrapConnection)
      opening.catch(() => undefined) // The first read reports the failure.
      key = within(ANSWER_WITHIN_MS, sealingKey(opening, onDropped, handedOver?.key))
      handedOver = undefined
      key.catch(() => undefined)
      keyBefore ??= key
      const sealed = createSealedStore(createIndexedDbStore(opening, page), key, onDropped)
      return createBoundedStore(sealed, ANSWER_WITHIN_MS)
    },
    tellOnce,
    {
      seen: first?.seen,
      // A database that was cleared has no key, or already a new key.
      async isAnew() {
        const current = await key
        const before = await keyBefore?.catch(() => undefined)
        return before !== undefined && !(await areSameKey(before, current))
      },
      onHealed() {
        keyBefore = key
        onHealed()
      },
    },
  )
  first?.onLost(onLost)

  const withLease = createLease(() => opening, patienceMs, database.isDegraded)
  const withPageLock = createPageLock()
  const shared: Pick<ClientStore, 'isDegraded' | 'withLease'> = {
    isDegraded: database.isDegraded,
    // Without a database the tabs share no state: the lock works within this tab only.
    withLease: (lease, work) =>
      withPageLock(lease, () => (database.isDegraded() ? work() : withLease(lease, work))),
  }
  if (!part) return { ...database, ...shared }

  const resilient = (connect: () => RecordStore) =>
    createResilientStore(() => createSealedStore(connect(), key, onDropped), tellOnce, {
      onHealed,
      isAnew: async () => store === undefined, // Only this tab writes to its `sessionStorage`.
    })
  const opened = isElsewhere
    ? part.openOtherStore({ location, name, store }, database, resilient, page)
    : database
  return { ...(inPage ? part.keepInPage(inPage, opened) : opened), ...shared }
}
