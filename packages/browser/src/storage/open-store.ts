import type { RecordStore } from '@carnet/core'
import type { CacheConfig } from '../api/options.ts'
import { type Lost, openConnection } from '../startup/database.ts'
import type { FirstPage } from '../startup/first-page.ts'
import type { FirstReads } from '../startup/first-reads.ts'
import { createPageLock } from '../tabs/lock.ts'
import { createBoundedStore, within } from './bounded-store.ts'
import { type Database, wrapConnection } from './idb-database.ts'
import { createIndexedDbStore } from './indexeddb-store.ts'
import { createLease } from './lease.ts'
import { createResilientStore } from './resilient-store.ts'
import { createSealedStore } from './sealed-store.ts'
import { areSameKey, sealingKey } from './sealing-key.ts'

/** How long one operation of IndexedDB may take. A healthy one takes a few milliseconds, on a busy machine some hundreds. */
const ANSWER_WITHIN_MS = 3000

/** A store that goes on from memory where it must, and knows it. */
export interface ClientStore extends RecordStore {
  /** True while storage does not work: what is written then survives a reload only if it heals before. */
  isDegraded(): boolean
  /** Runs `work` while no other tab runs any of that name: for browsers without Web Locks. */
  withLease<T>(name: string, work: () => Promise<T>): Promise<T>
}

export interface StoreOptions {
  /** For how long a tab waits for the lease of another one. */
  readonly patienceMs?: number
  /** What was read before, over a connection that goes on here. */
  readonly first?: FirstReads | undefined
  /** The page, where it is one that lives on with this store. */
  readonly page?: Pick<FirstPage, 'onStored' | 'onRestored'> | undefined
  /** Storage works again: what others did meanwhile is still to be read. */
  readonly onHealed?: () => void
}

/**
 * Opens the store of a client. Pending interactions and provider metadata lie in IndexedDB wherever
 * the tokens lie: a redirect must survive its navigation.
 */
export async function openStore(
  { location, name, store }: Omit<CacheConfig, 'persist'>,
  onDegraded: (cause: unknown) => void,
  { patienceMs = 0, first, page, onHealed = () => undefined }: StoreOptions = {},
): Promise<ClientStore> {
  const isElsewhere = location !== 'indexeddb' || store !== undefined
  // Before anything is opened: a part that does not load leaves no connection behind, at each try another one.
  const part = isElsewhere ? await import('./elsewhere.ts') : undefined
  let told = false
  const tellOnce = (cause: unknown) => {
    if (told) return // Two stores may fail; it is one storage.
    told = true
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
      opening.catch(() => undefined) // Whoever reads first reports it.
      key = within(ANSWER_WITHIN_MS, sealingKey(opening, onDropped, handedOver?.key))
      handedOver = undefined
      key.catch(() => undefined)
      keyBefore ??= key
      const sealed = createSealedStore(createIndexedDbStore(opening), key, onDropped)
      return createBoundedStore(sealed, ANSWER_WITHIN_MS)
    },
    tellOnce,
    {
      seen: first?.seen,
      // A database that was emptied has no key, or another one already.
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
    // Without a database there is nothing that tabs could share: the order is kept within this one.
    withLease: (lease, work) =>
      withPageLock(lease, () => (database.isDegraded() ? work() : withLease(lease, work))),
  }
  if (!part) return { ...database, ...shared }

  const resilient = (connect: () => RecordStore) =>
    createResilientStore(() => createSealedStore(connect(), key, onDropped), tellOnce, {
      onHealed,
      isAnew: async () => store === undefined, // `sessionStorage` is this tab's alone.
    })
  return { ...part.openElsewhere({ location, name, store }, database, resilient, page), ...shared }
}
