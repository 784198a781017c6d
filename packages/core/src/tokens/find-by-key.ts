import { keyIn, keyOfTokenSet } from '../records/keys/first-keys.ts'
import type { RecordStore } from '../records/record-store.ts'
import { accessTokenFormat } from './access-token-format.ts'
import type { TokenOwner } from './token-owner.ts'
import type { AccessTokenRecord, CacheQuery, IsGood } from './token-record.ts'

/** The key of the token for exactly the scopes of a query. It names each field, which is faster than `tokenSetKey`. */
export function queryKey(
  partition: string,
  {
    owner,
    tokenType = 'Bearer',
    resource,
    parametersKey,
    detailsKey,
    scopeKeys,
  }: CacheQuery<TokenOwner>,
): string {
  const tokenSet = { owner: owner.id, tokenType, resource, parametersKey, detailsKey }
  return keyIn(partition, `${keyOfTokenSet(tokenSet)}|${scopeKeys.join(' ')}`)
}

/**
 * Reads the token for exactly the scopes of a query. The key needs one read, and a search reads a set first.
 *
 * @param key The `queryKey` of the query. A caller with the same query again and again computes it once.
 */
export async function findByKey(
  store: Pick<RecordStore, 'get'>,
  key: string,
  query: CacheQuery<TokenOwner>,
  nowMs: number,
  isGood: IsGood,
): Promise<AccessTokenRecord | undefined> {
  const stored = await store.get('accessTokens', key)
  const record = stored && accessTokenFormat.read(stored.value)
  return record && isInTokenSetOf(query, record) && isGood(record, nowMs) ? record : undefined
}

/** Compares the fields of `tokenSetKey`. Each read passes here, and building the key of the record takes longer. */
const isInTokenSetOf = (
  { owner, tokenType = 'Bearer', resource, parametersKey, detailsKey }: CacheQuery<TokenOwner>,
  record: AccessTokenRecord,
): boolean =>
  record.owner === owner.id &&
  (record.askedType ?? record.tokenType) === tokenType &&
  record.resource === resource &&
  (record.parametersKey || undefined) === (parametersKey || undefined) &&
  (record.detailsKey || undefined) === (detailsKey || undefined)
