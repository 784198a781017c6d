/** Stores for tokens outside IndexedDB. This file loads only if the app uses such a store. */
import { type Collection, createMemoryStore, type RecordStore } from '@carnet/core'
import type { CacheConfig } from '../api/config.ts'
import type { FirstPage } from '../startup/page/first-page.ts'
import { createSessionStore, dropCollection } from './session-store.ts'
import { createTabClaim, type TabClaim } from './tab-claim.ts'

/**
 * Opens the store of an app with tokens outside IndexedDB. The `rest` stays in IndexedDB.
 *
 * @param resilient Adds sealing to a store, and the fallback to memory.
 * @param page Reports when the page enters and leaves the back-forward cache.
 */
export function openOtherStore(
  { location, name, store }: Omit<CacheConfig, 'persist'>,
  rest: RecordStore,
  resilient: (connect: () => RecordStore) => RecordStore,
  page?: Pick<FirstPage, 'onStored' | 'onRestored'>,
): RecordStore {
  if (store)
    return createSplitStore(
      resilient(() => lent(store)),
      rest,
    )
  if (location === 'memory') return createSplitStore(createMemoryStore(), rest)
  const { connect, close } = createSession(name, page)
  const session = resilient(connect)
  const closed = () => {
    session.close()
    close()
  }
  return createSplitStore({ ...session, close: closed }, rest)
}

/** Never closes a store of the app: the app owns it, and the client may try it again after a failure. */
const lent = (store: RecordStore): RecordStore => ({
  get: (...name) => store.get(...name),
  find: (...name) => store.find(...name),
  take: (...name) => store.take(...name),
  write: (...changes) => store.write(...changes),
  prune: (nowMs) => store.prune(nowMs),
  close: () => undefined,
})

/** The `sessionStorage` of this tab. If it is a copy of another tab's storage, refresh tokens are dropped: see `TabClaim`. */
function createSession(name: string, page?: Pick<FirstPage, 'onStored' | 'onRestored'>) {
  let claim: TabClaim | undefined
  return {
    connect(): RecordStore {
      try {
        const storage = sessionStorage
        const drop = () => dropCollection(storage, name, 'refreshTokens')
        claim ??= createTabClaim(storage, name, drop, page)
        return createSessionStore(storage, name, claim.settled)
      } catch (cause) {
        return createRefusedStore(cause) // With some policies, reading `sessionStorage` throws.
      }
    },
    close: () => claim?.close(),
  }
}

/** A store that always fails. The resilient store around it reports the failure and continues in memory. */
function createRefusedStore(cause: unknown): RecordStore {
  const refuse = () => Promise.reject(cause)
  return { get: refuse, find: refuse, take: refuse, write: refuse, prune: refuse, close() {} }
}

/** Keeps collections in the memory of the page. Deletions reach the `rest` too: it may have records of an earlier version. */
export function keepInPage(collections: readonly Collection[], rest: RecordStore): RecordStore {
  const memory = createMemoryStore()
  const split = createSplitStore(memory, rest, (collection) => !collections.includes(collection))
  return {
    ...split,
    async write(changes, onlyIf) {
      const deletions = changes.filter(
        ({ type, collection }) => type !== 'put' && collections.includes(collection),
      )
      if (deletions.length > 0) await rest.write(deletions)
      return split.write(changes, onlyIf)
    },
  }
}

const isAlwaysStored = (collection: Collection) =>
  collection === 'transactions' || collection === 'metadata'

/** Puts tokens, accounts and consents into one store, and pending interactions and metadata into another. */
function createSplitStore(
  tokens: RecordStore,
  rest: RecordStore,
  isRest: (collection: Collection) => boolean = isAlwaysStored,
): RecordStore {
  const of = (collection: Collection) => (isRest(collection) ? rest : tokens)
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
