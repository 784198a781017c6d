/** Tokens that lie elsewhere than in IndexedDB. Loaded where an app wants that. */
import { createMemoryStore, type RecordStore } from '@carnet/core'
import type { CacheConfig } from '../api/options.ts'
import type { FirstPage } from '../startup/first-page.ts'
import { createSessionStore, dropCollection } from './session-store.ts'
import { createTabClaim, type TabClaim } from './tab-claim.ts'

/**
 * The store of an app that keeps its tokens elsewhere, with the `rest` in IndexedDB.
 *
 * @param resilient Seals what a store holds, and goes on from memory when it fails.
 * @param page Tells when the page goes into the back-forward cache, and comes out of it.
 */
export function openElsewhere(
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

/** A store of the app is the app's to close: it may be tried again after a failure. */
const lent = (store: RecordStore): RecordStore => ({
  get: (...name) => store.get(...name),
  find: (...name) => store.find(...name),
  take: (...name) => store.take(...name),
  write: (...changes) => store.write(...changes),
  prune: (nowMs) => store.prune(nowMs),
  close: () => undefined,
})

/** The storage of this tab. In a copy of another tab's, the refresh tokens are the other's: see `TabClaim`. */
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
        return createRefusedStore(cause) // Some policies make the mere access to `sessionStorage` throw.
      }
    },
    close: () => claim?.close(),
  }
}

/** A store that fails: the resilient one around it tells so, and goes on from memory. */
function createRefusedStore(cause: unknown): RecordStore {
  const refuse = () => Promise.reject(cause)
  return { get: refuse, find: refuse, take: refuse, write: refuse, prune: refuse, close() {} }
}

/** Tokens and accounts in one store; pending interactions and metadata in another. */
function createSplitStore(tokens: RecordStore, rest: RecordStore): RecordStore {
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
