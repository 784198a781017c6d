import { describe, expect, test } from 'vitest'
import { accountKey } from '../accounts/account.ts'
import { accountFromClaims } from '../accounts/account-claims.ts'
import { createMemoryStore } from '../records/memory-store.ts'
import { createTokenCache } from './token-cache.ts'
import type { RefreshTokenRecord } from './token-record.ts'

const NOW_MS = Date.UTC(2030, 0, 1)
const HOUR_MS = 3_600_000
const alice = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })

const refreshToken = (fields: Partial<RefreshTokenRecord> = {}): RefreshTokenRecord => ({
  owner: accountKey(alice),
  token: 'refresh',
  requestedScopes: ['read'],
  grantedScopes: ['read'],
  issuedAtMs: NOW_MS,
  ...fields,
})

function setUp() {
  const store = createMemoryStore()
  return { store, cache: createTokenCache('spa', store) }
}

test('a refresh token that is stored again has a new id', async () => {
  const { store, cache } = setUp()
  await store.write(cache.keep(refreshToken()))
  const held = (await cache.refreshToken(alice)) ?? expect.fail('None is kept.')
  expect(await store.write(cache.keep(held), cache.nameOf(held))).toBe(true)
  expect(await store.write(cache.keep(held), cache.nameOf(held))).toBe(false)
})

describe('a refresh token that was refused', () => {
  test('is deleted', async () => {
    const { store, cache } = setUp()
    await store.write(cache.keep(refreshToken()))
    await cache.dropRefreshToken(alice, 'refresh')
    expect(await cache.refreshToken(alice)).toBeUndefined()
  })

  test('does not delete the token that replaced it', async () => {
    const { store, cache } = setUp()
    await store.write(cache.keep(refreshToken({ token: 'rotated' })))
    await cache.dropRefreshToken(alice, 'refresh')
    expect((await cache.refreshToken(alice))?.token).toBe('rotated')
  })

  test.each([undefined, NOW_MS + HOUR_MS])(
    'with the expiry %s may be pruned three months later, or three months after it was written',
    async (expiresAtMs) => {
      const { store, cache } = setUp()
      await store.write(cache.keep(refreshToken({ expiresAtMs })))
      const endMs = (expiresAtMs ?? NOW_MS) + 90 * 24 * HOUR_MS
      await store.prune(endMs)
      expect(await cache.refreshToken(alice)).toBeDefined()
      await store.prune(endMs + 1)
      expect(await cache.refreshToken(alice)).toBeUndefined()
    },
  )
})
