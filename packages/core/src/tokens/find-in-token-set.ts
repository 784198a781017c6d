import { isInTokenSet, keyOfTokenSet, queryTag, tokenSetKey } from '../records/keys/first-keys.ts'
import type { RecordStore } from '../records/record-store.ts'
import { accessTokenFormat } from './access-token-format.ts'
import type { TokenOwner } from './token-owner.ts'
import {
  type AccessTokenRecord,
  type CacheQuery,
  type IsGood,
  pickAccessToken,
} from './token-record.ts'

/** Reads the store by tag, and picks the best token for a query. */
export async function findInTokenSet(
  partition: string,
  store: Pick<RecordStore, 'find'>,
  query: CacheQuery<TokenOwner>,
  nowMs: number,
  isGood: IsGood,
): Promise<AccessTokenRecord | undefined> {
  const tokenSet = tokenSetKey(query)
  const found: AccessTokenRecord[] = []
  for (const { key, value } of await store.find('accessTokens', queryTag(partition, query))) {
    const record = accessTokenFormat.read(value)
    // Do not trust tags: they are not sealed. The key of a record is sealed and names the issuer; the value names the rest.
    if (record && isOfTokenSet(record, query) && isInTokenSet(key, partition, tokenSet))
      found.push(record)
  }
  return pickAccessToken(found, query, nowMs, isGood)
}

/** The resource is compared first: that of a malformed record may have no key. */
const isOfTokenSet = (record: AccessTokenRecord, query: CacheQuery<TokenOwner>): boolean =>
  record.resource === query.resource && keyOfTokenSet(record) === tokenSetKey(query)
