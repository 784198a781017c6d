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

export type TokenMirror = ReturnType<typeof createTokenMirror>

/**
 * The access tokens of one client that were asked for, in memory before a store: a query that was answered once is
 * answered again from a map, without waiting. The store is asked by key, never in whole.
 */
export function createTokenMirror(partition: string, store: Pick<RecordStore, 'find'>) {
  const mirror = new Map<string, Map<string, AccessTokenRecord>>()
  /** Counts what was forgotten: a look-up that began before is not remembered after. */
  let epoch = 0
  const questionOf = (query: TokenQuery<TokenOwner>) =>
    `${query.scopes.join(' ')}\n${queryShelfKey(query)}`

  return {
    /** The answer that memory holds, without waiting. */
    peek(query: TokenQuery<TokenOwner>, nowMs: number): AccessTokenRecord | undefined {
      const record = mirror.get(query.owner.id)?.get(questionOf(query))
      return record && isFresh(record, nowMs) ? record : undefined
    },

    /** The answer that the store holds: fresh, or good enough. */
    async find(
      query: TokenQuery<TokenOwner>,
      nowMs: number,
      isGood: IsGood = isFresh,
    ): Promise<AccessTokenRecord | undefined> {
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

    /** Drops what memory holds of an owner, by its `id`: the store was changed, here or in another tab. */
    forget(owner: string): void {
      epoch += 1
      mirror.delete(owner)
    },

    /** Drops all that memory holds: this tab slept, and others went on. */
    forgetAll(): void {
      epoch += 1
      mirror.clear()
    },
    /** Changes whenever something was forgotten. */
    epoch: () => epoch,
  }
}
