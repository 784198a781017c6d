import { createMemoryStore, type TokenStore } from '@carnet/core'
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
import { createSessionStore } from './session-store.ts'

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
export function openStore(
  { location, name, store }: Omit<CacheConfig, 'persist'>,
  onDegraded: (cause: unknown) => void,
  patienceMs = 0,
  first?: FirstReads,
): ClientStore {
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
      handedOver = undefined
      opening.catch(() => undefined) // Whoever reads first reports it.
      key = opening.then(() => sealingKey(opening, onDropped))
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
  if (location === 'indexeddb' && !store) return { ...database, ...shared }

  const tokens =
    location === 'memory' && !store
      ? createMemoryStore()
      : createResilientStore(
          () => createSealedStore(store ? lent(store) : openSession(name), key, onDropped),
          tellOnce,
        )
  return { ...createSplitStore(tokens, database), ...shared }
}

/** A store of the app is the app's to close: it may be tried again after a failure. */
const lent = (store: TokenStore): TokenStore => ({
  get: (...name) => store.get(...name),
  find: (...name) => store.find(...name),
  take: (...name) => store.take(...name),
  write: (...changes) => store.write(...changes),
  prune: (nowMs) => store.prune(nowMs),
  close: () => undefined,
})

const openSession = (name: string): TokenStore => {
  try {
    return createSessionStore(sessionStorage, name)
  } catch {
    return createMemoryStore() // Some policies make the mere access to `sessionStorage` throw.
  }
}

/** Tokens and accounts in one store; pending interactions and metadata in another. */
function createSplitStore(tokens: TokenStore, rest: TokenStore): TokenStore {
  const isRest = (collection: string) => collection === 'transactions' || collection === 'metadata'
  const of = (collection: string) => (isRest(collection) ? rest : tokens)
  return {
    get: (collection, key) => of(collection).get(collection, key),
    find: (collection, tag) => of(collection).find(collection, tag),
    take: (collection, key) => of(collection).take(collection, key),
    async write(changes, onlyIf) {
      const ofRest = changes.filter(({ collection }) => isRest(collection))
      const ofTokens = changes.filter(({ collection }) => !isRest(collection))
      const guardsRest = onlyIf !== undefined && isRest(onlyIf.collection)
      const [first, second] = guardsRest ? [rest, tokens] : [tokens, rest]
      const [guarded, other] = guardsRest ? [ofRest, ofTokens] : [ofTokens, ofRest]
      return (await first.write(guarded, onlyIf)) && second.write(other)
    },
    async prune(nowMs) {
      await Promise.all([tokens.prune(nowMs), rest.prune(nowMs)])
    },
    close() {
      tokens.close()
      rest.close()
    },
  }
}
