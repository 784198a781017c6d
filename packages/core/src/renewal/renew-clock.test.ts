import { expect, test } from 'vitest'
import { accountKey } from '../accounts/account.ts'
import { accountFromClaims } from '../accounts/account-claims.ts'
import { isAuthError } from '../errors/errors.ts'
import { createFakePlatform } from '../testing/fake-platform.ts'
import { createFakeProvider, jsonResponse } from '../testing/fake-provider.ts'
import { createRenewalDeps } from '../testing/renewal.ts'
import { toTokenQuery } from '../tokens/token-query.ts'
import { renew } from './renew.ts'

const HOUR_S = 3600
const DAY_MS = 24 * 3_600_000
const alice = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })
const read = toTokenQuery(alice, ['read'])

/**
 * The offset of the provider's clock at the sign-in, its offset now,
 * and the time of a third clock.
 */
async function setUp({
  before = 0,
  now,
  third,
}: {
  before?: number
  now?: number
  third?: number
} = {}) {
  const platform = createFakePlatform((request) => provider.respond(request))
  const provider = createFakeProvider({ now: () => platform.now() + (now ?? before) })
  const known = createRenewalDeps(platform, async () => provider.metadata)
  const deps = {
    ...known,
    platform: { ...platform, trueTimeMs: async () => third && platform.now() + third },
  }
  const { store, cache, accounts } = known
  await store.write([
    ...accounts.put({ account: alice, idToken: 'x', authority: provider.issuer }),
    ...cache.keep({
      owner: accountKey(alice),
      token: 'refresh-0',
      requestedScopes: ['read'],
      grantedScopes: ['read'],
      issuedAtMs: platform.now(),
      clockOffsetMs: before,
    }),
  ])
  const renews = () =>
    renew(read, deps).then(
      ({ clockOffsetMs = 0 }) => clockOffsetMs,
      (error) => (isAuthError(error) ? error.code : expect.fail(`Not an AuthError: ${error}`)),
    )
  return {
    platform,
    provider,
    deps,
    renews,
    offset: async () => (await cache.refreshToken(alice))?.clockOffsetMs,
  }
}

test.each([DAY_MS, -DAY_MS])(
  'a clock with the same offset of %i ms as at the sign-in is accepted',
  async (before) => {
    const { renews, offset } = await setUp({ before })
    expect(await renews()).toBe(before)
    expect(await renews()).toBe(before)
    expect(await offset()).toBe(before)
  },
)

test('an ID token of yesterday is refused without a third clock', async () => {
  const { renews, provider, platform } = await setUp()
  const iat = platform.now() / 1000 - 24 * HOUR_S
  const id_token = provider.idToken({ iat, exp: iat + HOUR_S })
  provider.onToken = () => jsonResponse(provider.tokens({ id_token }))
  expect(await renews()).toBe('invalid_id_token')
})

test('a clock that was corrected after the sign-in is accepted', async () => {
  const { renews, offset } = await setUp({ before: DAY_MS, now: 0 })
  expect(await renews()).toBe(0)
  expect(await offset()).toBe(0)
})

test('a clock that was changed after the sign-in is accepted if a third clock agrees', async () => {
  expect(await (await setUp({ now: DAY_MS, third: DAY_MS })).renews()).toBe(DAY_MS)
  expect(await (await setUp({ now: -DAY_MS })).renews()).toBe('invalid_id_token')
})

test('a response without an ID token keeps the known offset', async () => {
  const { renews, provider, offset } = await setUp({ before: DAY_MS })
  provider.onToken = () => jsonResponse(provider.tokens({ id_token: undefined }))
  await renews()
  expect(await offset()).toBe(DAY_MS)
})

test('a date in Retry-After uses the known offset', async () => {
  const { platform, provider, deps } = await setUp({ before: DAY_MS })
  const at = new Date(platform.now() + DAY_MS + 7000).toUTCString()
  provider.onToken = () => new Response('', { status: 503, headers: { 'retry-after': at } })
  await expect(renew(read, deps)).rejects.toMatchObject({ retryAtMs: platform.now() + 7000 })
})
