import { describe, expect, test } from 'vitest'
import { accountKey } from '../accounts/account.ts'
import { accountFromClaims } from '../accounts/account-claims.ts'
import { accessTokenTags } from '../records/keys/record-keys.ts'
import { createMemoryStore } from '../records/memory-store.ts'
import type { RecordStore } from '../records/record-store.ts'
import { createTokenCache } from './token-cache.ts'
import { toTokenQuery } from './token-query.ts'
import type { AccessTokenRecord, RefreshTokenRecord } from './token-record.ts'

const NOW_MS = Date.UTC(2030, 0, 1)
const HOUR_MS = 3_600_000
const alice = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })
const bob = accountFromClaims({ iss: 'https://idp.example', sub: 'bob' })
const read = toTokenQuery(alice, ['read'])

const token = (fields: Partial<AccessTokenRecord> = {}): AccessTokenRecord => ({
  owner: accountKey(alice),
  resource: '',
  requestedScopes: ['read'],
  grantedScopes: ['read'],
  token: 'token',
  tokenType: 'Bearer',
  issuedAtMs: NOW_MS,
  expiresAtMs: NOW_MS + HOUR_MS,
  ...fields,
})
const refreshToken = (fields: Partial<RefreshTokenRecord> = {}): RefreshTokenRecord => ({
  owner: accountKey(alice),
  token: 'refresh',
  requestedScopes: ['read'],
  grantedScopes: ['read'],
  issuedAtMs: NOW_MS,
  ...fields,
})

/** A store that counts its look-ups. */
function setUp(inner: RecordStore = createMemoryStore()) {
  let finds = 0
  const store: RecordStore = {
    ...inner,
    find(collection, tag) {
      finds += 1
      return inner.find(collection, tag)
    },
  }
  return { store, cache: createTokenCache('spa', store), finds: () => finds }
}

describe('memory before the store', () => {
  test('memory answers a repeated query synchronously', async () => {
    const { store, cache } = setUp()
    await store.write(cache.keep(token()))
    expect(cache.peek(read, NOW_MS)).toBeUndefined()
    await cache.find(read, NOW_MS)
    expect(cache.peek(read, NOW_MS)?.token).toBe('token')
  })

  test('memory returns a token while it is fresh', async () => {
    const { store, cache } = setUp()
    await store.write(cache.keep(token()))
    await cache.find(read, NOW_MS)
    expect(cache.peek(read, NOW_MS + HOUR_MS - 30_001)).toBeDefined()
    expect(cache.peek(read, NOW_MS + HOUR_MS - 30_000)).toBeUndefined()
    expect(await cache.find(read, NOW_MS + HOUR_MS)).toBeUndefined()
  })

  test('memory keeps resources apart', async () => {
    const { store, cache } = setUp()
    await store.write(cache.keep(token({ resource: 'r|a' })))
    expect(await cache.find(toTokenQuery(alice, [], { resource: 'r|a' }), NOW_MS)).toBeDefined()
    expect(await cache.find(toTokenQuery(alice, [], { resource: 'r' }), NOW_MS)).toBeUndefined()
    expect(cache.peek(toTokenQuery(alice, ['a|'], { resource: 'r' }), NOW_MS)).toBeUndefined()
  })

  test('`forget` makes only the queries of that account read the store again', async () => {
    const { store, cache } = setUp()
    const bobsQuery = toTokenQuery(bob, ['read'])
    await store.write([...cache.keep(token()), ...cache.keep(token({ owner: accountKey(bob) }))])
    await cache.find(read, NOW_MS)
    await cache.find(bobsQuery, NOW_MS)
    cache.forget(accountKey(alice))
    expect(cache.peek(read, NOW_MS)).toBeUndefined()
    expect(cache.peek(bobsQuery, NOW_MS)).toBeDefined()
    cache.forgetAll()
    expect(cache.peek(bobsQuery, NOW_MS)).toBeUndefined()
  })

  test('a read that was pending at `forget` does not reach memory', async () => {
    const inner = createMemoryStore()
    let arrive = () => {}
    const gate = new Promise<void>((resolve) => {
      arrive = resolve
    })
    const { store, cache } = setUp({
      ...inner,
      async find(collection, tag) {
        const found = await inner.find(collection, tag)
        await gate
        return found
      },
    })
    await store.write(cache.keep(token()))
    const looking = cache.find(read, NOW_MS)
    await store.write(cache.removal(alice, [bob]))
    cache.forget(accountKey(alice))
    arrive()
    await looking
    expect(cache.peek(read, NOW_MS)).toBeUndefined()
  })
})

describe('records in the store', () => {
  test('a token with scopes answers a query without scopes of an API', async () => {
    const { store, cache } = setUp()
    await store.write(cache.keep(token()))
    for (const scopes of [[], ['openid', 'profile']])
      expect((await cache.find(toTokenQuery(alice, scopes), NOW_MS))?.token).toBe('token')
  })

  test('a broader token answers a narrower query, with one read', async () => {
    const { store, cache, finds } = setUp()
    const broad = token({ requestedScopes: ['mail', 'read'], grantedScopes: ['mail', 'read'] })
    await store.write(cache.keep(broad))
    expect((await cache.find(read, NOW_MS))?.token).toBe('token')
    expect(finds()).toBe(1)
  })

  test('a newer token for the same query replaces the older token', async () => {
    const { store, cache } = setUp()
    await store.write(cache.keep(token({ token: 'old', expiresAtMs: NOW_MS + 2 * HOUR_MS })))
    await store.write(cache.keep(token({ token: 'new' })))
    expect((await cache.find(read, NOW_MS))?.token).toBe('new')
  })

  test('two clients that share a store do not see the tokens of each other', async () => {
    const { store, cache } = setUp()
    const other = createTokenCache('other', store)
    await store.write([...cache.keep(token()), ...cache.keep(refreshToken())])
    expect(await other.find(read, NOW_MS)).toBeUndefined()
    expect(await other.refreshToken(alice)).toBeUndefined()
  })

  test.each([null, 'text', 7, { token: 'x' }, { ...token(), expiresAtMs: 'soon' }])(
    'a token record with the content %j is ignored, and the next record is found',
    async (value) => {
      const { store, cache } = setUp()
      const tags = accessTokenTags('spa', token())
      const record = { key: 'spa|x', tags, expiresAtMs: 8e15, value }
      await store.write([
        { type: 'put', collection: 'accessTokens', record },
        ...cache.keep(token()),
      ])
      expect((await cache.find(read, NOW_MS))?.token).toBe('token')
    },
  )

  test('a malformed refresh token record is ignored', async () => {
    const { store, cache } = setUp()
    const key = `spa|${accountKey(alice)}`
    const record = { key, tags: [], expiresAtMs: 8e15, value: { token: 7 } }
    await store.write([{ type: 'put', collection: 'refreshTokens', record }])
    expect(await cache.refreshToken(alice)).toBeUndefined()
  })

  test('a removal deletes every token of the account, and no token of another account', async () => {
    const { store, cache } = setUp()
    const ofBob = { owner: accountKey(bob) }
    await store.write([
      ...[token(), token({ resource: 'x' }), refreshToken()].flatMap(cache.keep),
      ...[token(ofBob), refreshToken(ofBob)].flatMap(cache.keep),
    ])
    await store.write(cache.removal(alice, [bob]))
    expect(await cache.find(read, NOW_MS)).toBeUndefined()
    expect(
      await cache.find(toTokenQuery(alice, ['read'], { resource: 'x' }), NOW_MS),
    ).toBeUndefined()
    expect(await cache.refreshToken(alice)).toBeUndefined()
    expect(await cache.find(toTokenQuery(bob, ['read']), NOW_MS)).toBeDefined()
    expect(await cache.refreshToken(bob)).toBeDefined()
  })

  test('one of 5,000 tokens is found by one read by tag, which returns no other record', async () => {
    const found: number[] = []
    const inner = createMemoryStore()
    const { store, cache, finds } = setUp({
      ...inner,
      get: () => Promise.reject(new Error('A token was looked for by key.')),
      async find(collection, tag) {
        const records = await inner.find(collection, tag)
        found.push(records.length)
        return records
      },
    })
    const others = Array.from({ length: 5000 }, (_, index) =>
      token({ resource: index % 2 ? '' : 'r', requestedScopes: [`s${index}`], grantedScopes: [] }),
    )
    await store.write([...others, token()].flatMap(cache.keep))
    expect((await cache.find(read, NOW_MS))?.token).toBe('token')
    expect([finds(), found]).toEqual([1, [1]])
  })

  test('without a token, there is no change', () =>
    expect(setUp().cache.keep(undefined)).toEqual([]))
})

test('a token with an extended lifetime of 0 is not pruned before it expires', async () => {
  const { store, cache } = setUp()
  await store.write(cache.keep(token({ extendedExpiresAtMs: NOW_MS })))
  await store.prune(NOW_MS + 1)
  expect(await cache.find(read, NOW_MS + 1)).toBeDefined()
})

test('a token under the tag of another account or resource is not returned', async () => {
  const { store, cache } = setUp()
  const tags = accessTokenTags('spa', token())
  for (const other of [token({ owner: accountKey(bob) }), token({ resource: 'urn:other' })]) {
    const [change] = cache.keep(other)
    if (change?.type !== 'put') throw new Error('not a put')
    await store.write([{ ...change, record: { ...change.record, tags } }])
  }
  expect(await cache.find(read, NOW_MS)).toBeUndefined()
})
