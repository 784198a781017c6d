import type { RecordStore } from '../records/record-store.ts'
import { keyIn, queryShelfKey, queryTag, shelfKey } from '../records/shelf-keys.ts'
import { accessTokenFormat } from './access-token-format.ts'
import type { TokenOwner } from './token-owner.ts'
import {
  type AccessTokenRecord,
  type IsGood,
  isFresh,
  pickAccessToken,
  type TokenQuery,
} from './token-record.ts'

/** The access tokens of one client, as a page reads them. Instants are milliseconds since the epoch. */
export interface TokenMirror {
  /**
   * Returns the token that memory holds for this query, without waiting.
   *
   * @returns `undefined` where memory holds none, or none that is fresh at `nowMs`.
   */
  peek(query: TokenQuery<TokenOwner>, nowMs: number): AccessTokenRecord | undefined
  /**
   * Reads the store, picks the best token for the query, and remembers it for `peek`.
   *
   * @param isGood Decides which tokens count; by default those that are fresh.
   * @returns `undefined` where no token counts. Rejects only where the store does.
   */
  find(
    query: TokenQuery<TokenOwner>,
    nowMs: number,
    isGood?: IsGood,
  ): Promise<AccessTokenRecord | undefined>
  /** Drops from memory all tokens of an owner, by its `id`: this tab or another one changed the store. */
  forget(owner: string): void
  /** Drops all tokens from memory: this tab slept, and others went on. */
  forgetAll(): void
  /** Returns a number that grows with each `forget` and `forgetAll`. */
  epoch(): number
}

/**
 * The access tokens of one client that were asked for, in memory before a store: a query that was answered once is
 * answered again from a map, without waiting. The store is asked by key, never in whole.
 */
export function createTokenMirror(
  partition: string,
  store: Pick<RecordStore, 'find'>,
): TokenMirror {
  const mirror = new Map<string, Map<string, AccessTokenRecord>>()
  /** Counts what was forgotten: a look-up that began before is not remembered after. */
  let epoch = 0
  const questionOf = (query: TokenQuery<TokenOwner>) =>
    `${query.scopes.join(' ')}\n${queryShelfKey(query)}`

  return {
    peek(query, nowMs) {
      const record = mirror.get(query.owner.id)?.get(questionOf(query))
      return record && isFresh(record, nowMs) ? record : undefined
    },

    async find(query, nowMs, isGood = isFresh) {
      const begun = epoch
      const shelf = queryShelfKey(query)
      const found: AccessTokenRecord[] = []
      for (const { key, value } of await store.find('accessTokens', queryTag(partition, query))) {
        const record = accessTokenFormat.read(value)
        // Tags are not sealed with a record. Its key is, and names the issuer; the record itself names everything else.
        if (record && shelfKey(record) === shelf && key.startsWith(keyIn(partition, shelf)))
          found.push(record)
      }
      const best = pickAccessToken(found, query, nowMs, isGood)
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
