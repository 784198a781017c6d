import { accountKey } from '../accounts/account.ts'
import { keyIn } from '../records/partition.ts'
import type { RecordStore } from '../records/record-store.ts'
import { parseAccessTokenRecord } from './parse-access-token.ts'
import {
  type AccessTokenRecord,
  type IsGood,
  isFresh,
  pickAccessToken,
  type TokenQuery,
  tagOfQuery,
} from './token-record.ts'

export type TokenMirror = ReturnType<typeof createTokenMirror>

/**
 * The access tokens of one client that were asked for, in memory before a store: a question that was answered once is
 * answered again from a map, without waiting. The store is asked by key, never in whole.
 */
export function createTokenMirror(partition: string, store: Pick<RecordStore, 'find'>) {
  const mirror = new Map<string, Map<string, AccessTokenRecord>>()
  /** Counts what was forgotten: a look-up that began before is not remembered after. */
  let epoch = 0
  const questionOf = ({ resource, scopes, parametersKey }: TokenQuery) =>
    `${scopes.join(' ')}\n${resource}\n${parametersKey}`

  return {
    /** The answer that memory holds, without waiting. */
    peek(query: TokenQuery, nowMs: number): AccessTokenRecord | undefined {
      const record = mirror.get(accountKey(query.account))?.get(questionOf(query))
      return record && isFresh(record, nowMs) ? record : undefined
    },

    /** The answer that the store holds: fresh, or good enough. */
    async find(
      query: TokenQuery,
      nowMs: number,
      isGood: IsGood = isFresh,
    ): Promise<AccessTokenRecord | undefined> {
      const begun = epoch
      const account = accountKey(query.account)
      const tag = keyIn(partition, tagOfQuery(query))
      const found: AccessTokenRecord[] = []
      for (const { value } of await store.find('accessTokens', tag)) {
        const record = parseAccessTokenRecord(value)
        // Tags lie in clear and are not sealed with the record: what it says itself is what counts.
        const isMeant = record?.account === account && record.resource === query.resource
        if (isMeant && record.parametersKey === query.parametersKey) found.push(record)
      }
      const best = pickAccessToken(found, query, nowMs, isGood)
      if (best && begun === epoch)
        mirror.set(account, (mirror.get(account) ?? new Map()).set(questionOf(query), best))
      return best
    },

    /** Drops what memory holds of an account: the store was changed, here or in another tab. */
    forget(account: string): void {
      epoch += 1
      mirror.delete(account)
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
