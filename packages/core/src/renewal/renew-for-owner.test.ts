import { expect, test } from 'vitest'
import { accountFromClaims } from '../accounts/account-claims.ts'
import type { TokenResponse } from '../protocol/token-response.ts'
import { createMemoryStore } from '../records/memory-store.ts'
import { DIALECTS } from '../testing/dialects.ts'
import { createFakePlatform } from '../testing/fake-platform.ts'
import { appOwner, assertionOwner, sessionOwner } from '../tokens/other-owners.ts'
import { createTokenCache } from '../tokens/token-cache.ts'
import type { AppOwner, AssertionOwner, SessionOwner } from '../tokens/token-owner.ts'
import { toTokenQuery } from '../tokens/token-query.ts'
import type { TokenQuery, TokenType } from '../tokens/token-record.ts'
import { createAcquireTokenSilent } from './acquire-token-silent.ts'
import { type Redeem, renewForOwner } from './renew-for-owner.ts'

type Owner = AppOwner | AssertionOwner | SessionOwner
const job = appOwner('job', 'contoso')

const queryOf = (owner: Owner, more: Partial<TokenQuery<Owner>> = {}): TokenQuery<Owner> => ({
  owner,
  dialect: DIALECTS.oidc,
  resource: '',
  scopeKeys: ['read'],
  requestedScopes: ['read'],
  ...more,
})

/** A process that gets tokens for owners without accounts, over a store that others may share. */
function setUp(tokenType: TokenType = 'Bearer') {
  const platform = createFakePlatform(() => Response.error())
  const store = createMemoryStore()
  const cache = createTokenCache('p', store)
  const redeemed: string[] = []
  const locks: string[] = []
  const redeem: Redeem<Owner> = async ({ owner, scopeKeys }): Promise<TokenResponse> => {
    redeemed.push(owner.id)
    const issuedAtMs = platform.now()
    return {
      accessToken: `token ${redeemed.length} of ${owner.id}`,
      tokenType,
      grantedScopes: scopeKeys,
      issuedAtMs,
      receivedAtMs: issuedAtMs,
      clockOffsetMs: 0,
      expiresAtMs: issuedAtMs + 3_600_000,
      refreshAtMs: undefined,
      extendedExpiresAtMs: undefined,
      refreshToken: `refresh of ${owner.id}`,
      refreshTokenExpiresAtMs: undefined,
      idToken: undefined,
      idTokenClaims: undefined,
      homeAccountId: undefined,
    }
  }
  const acquire = createAcquireTokenSilent<Owner>({
    platform: {
      ...platform,
      withLock(name, work) {
        locks.push(name)
        return platform.withLock(name, work)
      },
    },
    lockOf: (owner) => `lock of ${owner}`,
    cache,
    renew: (query) => renewForOwner(query, redeem, { store, cache }),
  })
  return { acquire, cache, redeemed, locks, platform }
}

test('50 calls at once for a token of the app redeem its credentials once', async () => {
  const { acquire, redeemed, locks } = setUp()
  const answers = await Promise.all(Array.from({ length: 50 }, () => acquire(queryOf(job))))
  expect(new Set(answers.map(({ record }) => record.token)).size).toBe(1)
  expect([redeemed, locks]).toEqual([[job.id], [`lock of ${job.id}`]])
  expect((await acquire(queryOf(job))).fromCache).toBe(true)
})

test('each owner has its own tokens, and a user gets no token of another owner', async () => {
  const { acquire, cache, redeemed, platform } = setUp()
  const owners = [
    job,
    appOwner('job', 'fabrikam'),
    assertionOwner('00ff'),
    assertionOwner('00fe'),
    sessionOwner('00ff'),
  ]
  for (const owner of owners) await acquire(queryOf(owner))
  expect(redeemed).toEqual(owners.map(({ id }) => id))
  const user = accountFromClaims({ iss: 'https://idp.example', sub: 'job' })
  expect(await cache.find(toTokenQuery(user, ['read']), platform.now())).toBeUndefined()
})

test('only a session stores a refresh token', async () => {
  const { acquire, cache } = setUp()
  const session = sessionOwner('night shift')
  for (const owner of [job, assertionOwner('00ff'), session]) await acquire(queryOf(owner))
  expect(await cache.refreshTokens(job)).toEqual([])
  expect(await cache.refreshTokens(assertionOwner('00ff'))).toEqual([])
  expect((await cache.refreshToken(session))?.token).toBe(`refresh of ${session.id}`)
})

test('a bearer token does not answer a query for a DPoP token', async () => {
  const { acquire, cache, platform } = setUp()
  await acquire(queryOf(job))
  const bound = queryOf(job, { tokenType: 'DPoP' })
  expect(await cache.find(bound, platform.now())).toBeUndefined()
  await expect(acquire(bound)).rejects.toMatchObject({ code: 'invalid_response' })
})

test('a DPoP token does not answer a query for a bearer token', async () => {
  const { acquire, cache, platform } = setUp('DPoP')
  const bound = queryOf(job, { tokenType: 'DPoP' })
  expect((await acquire(bound)).record.tokenType).toBe('DPoP')
  expect((await acquire(bound)).fromCache).toBe(true)
  expect(await cache.find(queryOf(job), platform.now())).toBeUndefined()
})
