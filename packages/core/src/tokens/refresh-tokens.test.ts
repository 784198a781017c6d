import { expect, test } from 'vitest'
import { accountKey } from '../accounts/account.ts'
import { accountFromClaims } from '../accounts/account-claims.ts'
import { createMemoryStore } from '../records/memory-store.ts'
import { createTokenCache } from './token-cache.ts'
import type { RefreshTokenRecord } from './token-record.ts'

const alice = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })
const bob = accountFromClaims({ iss: 'https://idp.example', sub: 'bob' })
const API = 'https://api.example|a'
const refreshToken = (fields: Partial<RefreshTokenRecord> = {}): RefreshTokenRecord => ({
  owner: accountKey(alice),
  token: 'general',
  requestedScopes: ['read'],
  grantedScopes: ['read'],
  issuedAtMs: Date.UTC(2030, 0, 1),
  ...fields,
})
const ofApi = refreshToken({ resource: API, token: 'of the API' })

/** A cache with these refresh tokens in it. */
async function setUp(...held: RefreshTokenRecord[]) {
  const store = createMemoryStore()
  const cache = createTokenCache('spa', store)
  await store.write(held.flatMap(cache.keep))
  return { store, cache }
}

test('each API has its own token; without one, the general token serves', async () => {
  const { cache } = await setUp(ofApi, refreshToken())
  const tokenFor = async (resource?: string) => (await cache.refreshToken(alice, resource))?.token
  expect(await tokenFor(API)).toBe('of the API')
  expect(await tokenFor('https://other.example')).toBe('general')
  expect(await tokenFor()).toBe('general')
  expect(await cache.refreshTokens(alice)).toHaveLength(2)
  expect(await cache.refreshTokens(bob)).toEqual([])
})

test('the token of an API does not answer a general query', async () => {
  const { cache } = await setUp(ofApi)
  expect(await cache.refreshToken(alice)).toBeUndefined()
})

test('all are deleted with their account', async () => {
  const { store, cache } = await setUp(ofApi, refreshToken())
  await store.write(cache.removal(alice, []))
  expect(await cache.refreshTokens(alice)).toEqual([])
})

test('a refused token is deleted, and the others stay', async () => {
  const { store, cache } = await setUp(ofApi, refreshToken())
  await cache.dropRefreshToken(alice, 'of the API')
  expect((await cache.refreshToken(alice, API))?.token).toBe('general')
  await store.write(cache.keep(ofApi))
  await cache.dropRefreshToken(alice, 'general')
  expect(await cache.refreshTokens(alice)).toMatchObject([ofApi])
})

test('a token under the tag of another account is not returned', async () => {
  const { store, cache } = await setUp()
  const [change] = cache.keep({ ...ofApi, owner: accountKey(bob) })
  if (change?.type !== 'put') throw new Error('not a put')
  const tags = [`spa|${accountKey(alice)}`]
  await store.write([{ ...change, record: { ...change.record, tags } }])
  expect(await cache.refreshTokens(alice)).toEqual([])
})
