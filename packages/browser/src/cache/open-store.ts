import type { TokenStore } from '@carnet/core'
import type { CacheConfig } from '../options.ts'
import { createPageLock } from '../tabs/lock.ts'
import { openConnection } from './database.ts'
import type { FirstReads } from './first-reads.ts'
import { type Database, wrapConnection } from './idb-database.ts'
import { createIndexedDbStore } from './indexeddb-store.ts'
import { createLease } from './lease.ts'
import { createResilientStore } from './resilient-store.ts'
import { createSealedStore } from './sealed-store.ts'
import { sealingKey } from './sealing-key.ts'

/** A store that goes on from memory where it must, and knows it. */
export interface ClientStore extends TokenStore {
  /** True while storage does not work: what is written then survives a reload only if it heals before. */
  isDegraded(): boolean
  /** Runs `work` while no other tab runs any of that name: for browsers without Web Locks. */
  withLease<T>(name: string, work: () => Promise<T>): Promise<T>
}

/**
 * Opens the store of a client. Pending interactions and provider metadata lie in IndexedDB wherever
 * the tokens lie: a redirect must survive its navigation.
 *
 * @param patienceMs For how long a tab waits for the lease of another one.
 * @param first What was read before, over a connection that goes on here.
 */
export async function openStore(
  { location, name, store }: Omit<CacheConfig, 'persist'>,
  onDegraded: (cause: unknown) => void,
  patienceMs = 0,
  first?: FirstReads,
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
  let handedOver = first
  const onLost = (why: string, isUpgrade: boolean) => database.degrade(new Error(why), isUpgrade)
  const database = createResilientStore(
    () => {
      opening = (handedOver?.opening ?? openConnection(name, onLost)).then(wrapConnection)
      opening.catch(() => undefined) // Whoever reads first reports it.
      key = sealingKey(opening, onDropped, handedOver?.key)
      handedOver = undefined
      key.catch(() => undefined)
      return createSealedStore(createIndexedDbStore(opening), key, onDropped)
    },
    tellOnce,
    { seen: first?.seen },
  )
  first?.onLost(onLost)

  const withLease = createLease(() => opening, patienceMs)
  const withPageLock = createPageLock()
  const shared: Pick<ClientStore, 'isDegraded' | 'withLease'> = {
    isDegraded: database.isDegraded,
    // Without a database there is nothing that tabs could share: the order is kept within this one.
    withLease: (lease, work) =>
      withPageLock(lease, () => (database.isDegraded() ? work() : withLease(lease, work))),
  }
  if (!part) return { ...database, ...shared }

  const resilient = (connect: () => TokenStore) =>
    createResilientStore(() => createSealedStore(connect(), key, onDropped), tellOnce)
  return { ...part.openElsewhere({ location, name, store }, database, resilient), ...shared }
}
