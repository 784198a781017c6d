import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tokenSetKey } from '../records/keys/first-keys.ts'
import { accessTokenRecordKey } from '../records/keys/record-keys.ts'
import { createMemoryStore } from '../records/memory-store.ts'
import { DIALECTS } from '../testing/dialects.ts'
import { findByKey, queryKey } from './find-by-key.ts'
import { appOwner, assertionOwner } from './other-owners.ts'
import { createTokenCache } from './token-cache.ts'
import { type AccessTokenRecord, isFresh, type TokenQuery } from './token-record.ts'

type Query = TokenQuery<ReturnType<typeof appOwner> | ReturnType<typeof assertionOwner>>

const keys = fc.option(fc.stringMatching(/^[\w-]{1,8}$/), { nil: undefined })
const queries: fc.Arbitrary<Query> = fc.record({
  owner: fc.oneof(
    fc.tuple(fc.string(), fc.string()).map(([id, tenant]) => appOwner(id, tenant)),
    fc.string().map(assertionOwner),
  ),
  dialect: fc.constant(DIALECTS.oidc),
  resource: fc.constantFrom('', 'https://api.example/a b', 'a|b', 'a+b:c'),
  scopeKeys: fc.uniqueArray(fc.stringMatching(/^[a-z:/.]{1,8}$/)),
  requestedScopes: fc.constant([]),
  parametersKey: keys,
  detailsKey: keys,
})

const recordFor = (query: Query): AccessTokenRecord => ({
  owner: query.owner.id,
  resource: query.resource,
  parametersKey: query.parametersKey,
  detailsKey: query.detailsKey,
  requestedScopes: query.scopeKeys,
  grantedScopes: query.scopeKeys,
  token: 'token',
  tokenType: 'Bearer',
  issuedAtMs: 0,
  expiresAtMs: 3_600_000,
})

test('the key of a query is the key of the token for it, and belongs to its token set', () => {
  fc.assert(
    fc.property(queries, (query) => {
      expect(queryKey('p', query)).toBe(accessTokenRecordKey('p', recordFor(query)))
      expect(queryKey('p', query)).toBe(`p|${tokenSetKey(query)}|${query.scopeKeys.join(' ')}`)
    }),
  )
})

test('a record answers its own query only, also under the key of another query', async () => {
  await fc.assert(
    fc.asyncProperty(queries, queries, async (query, other) => {
      const store = createMemoryStore()
      await store.write(createTokenCache('p', store).keep(recordFor(query)))
      const key = queryKey('p', query)
      expect(await findByKey(store, key, query, 1, isFresh)).toBeDefined()
      const answered = await findByKey(store, key, other, 1, isFresh)
      expect(answered !== undefined).toBe(tokenSetKey(other) === tokenSetKey(query))
    }),
  )
})
