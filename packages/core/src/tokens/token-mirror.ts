import { tokenSetKey } from '../records/keys/first-keys.ts'
import type { RecordStore } from '../records/record-store.ts'
import { findInTokenSet } from './find-in-token-set.ts'
import type { TokenOwner } from './token-owner.ts'
import { type AccessTokenRecord, type CacheQuery, type IsGood, isFresh } from './token-record.ts'

/** The part of the token cache that a page loads first: reads of access tokens. Instants are milliseconds since the epoch. */
export interface TokenMirror {
  /**
   * Returns the token for this query from memory, synchronously.
   *
   * @returns `undefined` if memory holds no token that is fresh at `nowMs`.
   */
  peek(query: CacheQuery<TokenOwner>, nowMs: number): AccessTokenRecord | undefined
  /**
   * Reads the store, picks the best token for the query, and remembers it for `peek`.
   *
   * @param isGood Decides which tokens count. Default: fresh tokens.
   * @returns `undefined` if no token counts. Rejects only if the store rejects.
   */
  find(
    query: CacheQuery<TokenOwner>,
    nowMs: number,
    isGood?: IsGood,
  ): Promise<AccessTokenRecord | undefined>
  /** Removes all tokens of an owner from memory, by its `id`: this tab or another tab changed the store. */
  forget(owner: string): void
  /** Removes all tokens from memory: this tab was frozen, and other tabs may have changed the store. */
  forgetAll(): void
  /** Returns a number that grows with each `forget` and `forgetAll`. */
  epoch(): number
}

/**
 * Creates a cache in memory in front of a store. A repeated query is answered from a map, synchronously. The cache reads
 * the store by tag, never as a whole.
 */
export function createTokenMirror(
  partition: string,
  store: Pick<RecordStore, 'find'>,
): TokenMirror {
  const mirror = new Map<string, Map<string, AccessTokenRecord>>()
  /** Grows with each removal. The result of a read that started before a removal is not put into memory. */
  let epoch = 0
  const questionOf = (query: CacheQuery<TokenOwner>) =>
    `${query.scopeKeys.join(' ')}\n${tokenSetKey(query)}`

  return {
    peek(query, nowMs) {
      const record = mirror.get(query.owner.id)?.get(questionOf(query))
      return record && isFresh(record, nowMs) ? record : undefined
    },

    async find(query, nowMs, isGood = isFresh) {
      const begun = epoch
      const best = await findInTokenSet(partition, store, query, nowMs, isGood)
      if (best && begun === epoch) {
        const own = mirror.get(best.owner) ?? new Map<string, AccessTokenRecord>()
        mirror.set(best.owner, own.set(questionOf(query), best))
      }
      return best
    },

    forget(owner) {
      epoch += 1
      mirror.delete(owner)
    },

    forgetAll() {
      epoch += 1
      mirror.clear()
    },
    epoch: () => epoch,
  }
}
