/** Tokens that lie elsewhere than in IndexedDB. Loaded where an app wants that. */
import { createMemoryStore, type TokenStore } from '@carnet/core'
import type { CacheConfig } from '../options.ts'
import { createSessionStore } from './session-store.ts'

/**
 * The store of an app that keeps its tokens elsewhere, with the `rest` in IndexedDB.
 *
 * @param resilient Seals what a store holds, and goes on from memory when it fails.
 */
export function openElsewhere(
  { location, name, store }: Omit<CacheConfig, 'persist'>,
  rest: TokenStore,
  resilient: (connect: () => TokenStore) => TokenStore,
): TokenStore {
  const isInMemory = location === 'memory' && !store
  const connect = () => (store ? lent(store) : openSession(name))
  return createSplitStore(isInMemory ? createMemoryStore() : resilient(connect), rest)
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
