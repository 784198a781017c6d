import { describe, expect, test } from 'vitest'
import { accountKey } from '../accounts/account.ts'
import { accountFromClaims } from '../accounts/account-claims.ts'
import { isInteractionRequired } from '../errors/interaction-required.ts'
import { DIALECTS } from '../testing/dialects.ts'
import { failureOf } from '../testing/failure-of.ts'
import { createFakePlatform } from '../testing/fake-platform.ts'
import { createFakeProvider, jsonResponse } from '../testing/fake-provider.ts'
import { createRenewalDeps } from '../testing/renewal.ts'
import { toTokenQuery } from '../tokens/token-query.ts'
import { renew } from './renew.ts'
import { isBeyondGrant } from './within-grant.ts'

const alice = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })
const resource = 'https://api.example'
const general = toTokenQuery(alice, ['read'])
const ofApi = toTokenQuery(alice, ['read'], { resource })
const refusal = (error: string) => jsonResponse({ error }, 400)

/** Alice has the refresh token of her sign-in, and with `ofOwn` a refresh token of an API (RFC 8707). */
async function setUp({
  ofOwn = true,
  rotation,
}: {
  ofOwn?: boolean
  rotation?: 'never' | 'each time' | undefined
} = {}) {
  const platform = createFakePlatform((request) => provider.respond(request))
  const provider = createFakeProvider({ now: platform.now })
  const deps = createRenewalDeps(platform, async () => provider.metadata)
  const { store, cache, accounts } = deps
  const scopes = { requestedScopes: ['openid', 'read'], grantedScopes: ['openid', 'read'] }
  const held = { owner: accountKey(alice), ...scopes, issuedAtMs: platform.now() }
  await store.write([
    ...accounts.put({ account: alice, idToken: 'x', authority: provider.issuer }),
    ...cache.keep({ ...held, token: 'general', rotation }),
    ...(ofOwn ? cache.keep({ ...held, token: 'of the API', resource }) : []),
  ])
  const used = () => provider.tokenRequests.map((request) => request.get('refresh_token'))
  const heldTokens = async () => (await cache.refreshTokens(alice)).map(({ token }) => token)
  return { provider, deps, used, heldTokens }
}

test('each token is renewed with its own refresh token: of the API, or the general one', async () => {
  const { deps, used, heldTokens } = await setUp()
  await renew(ofApi, deps)
  await renew(general, deps)
  expect(used()).toEqual(['of the API', 'general'])
  expect(await heldTokens()).toEqual(['s3cret-refresh-2', 's3cret-refresh-1'])
})

test('the general refresh token is used if the token of the API is invalid and the provider does not rotate', async () => {
  const { deps, provider, used, heldTokens } = await setUp({ rotation: 'never' })
  provider.onToken = (request) =>
    request.get('refresh_token') === 'of the API'
      ? refusal('invalid_grant')
      : jsonResponse(provider.tokens())
  expect((await renew(ofApi, deps)).resource).toBe(resource)
  expect(used()).toEqual(['of the API', 'general'])
  expect(await heldTokens()).toEqual(['s3cret-refresh-1'])
})

test('the user is needed if no grant covers the API; the refresh token stays', async () => {
  const { deps, provider, heldTokens } = await setUp({ ofOwn: false, rotation: 'never' })
  provider.onToken = () => refusal('invalid_target')
  const error = await renew(ofApi, deps).catch((caught: unknown) => caught)
  expect(isInteractionRequired(error) && error.reason).toBe('consent')
  expect(isInteractionRequired(error) && error.request.resource).toBe(resource)
  expect(await heldTokens()).toEqual(['general'])
})

describe.each([undefined, 'each time'] as const)(
  'a provider that may rotate before it refuses (rotation known so far: %s)',
  (rotation) => {
    test.each([
      ['another resource', ofApi],
      ['wider scopes', toTokenQuery(alice, ['read', 'write'])],
    ])('%s: no redemption, because a replay would end the session', async (_what, query) => {
      const { deps, used, heldTokens } = await setUp({ ofOwn: false, rotation })
      const error = await renew(query, deps).catch((caught: unknown) => caught)
      expect(isInteractionRequired(error) && error.reason).toBe('consent')
      expect(isBeyondGrant(Object(error))).toBe(true)
      expect(used()).toEqual([])
      expect(await heldTokens()).toEqual(['general'])
    })

    test('a later consent of the user is part of the grant', async () => {
      const { deps, used } = await setUp({ ofOwn: false, rotation })
      const query = toTokenQuery(alice, ['read', 'write'])
      await deps.store.write(
        await deps.ledger.noteGrant(query, ['read', 'write'], ['read', 'write']),
      )
      await renew(query, deps)
      expect(used()).toEqual(['general'])
    })

    test("the refusal of the API's refresh token is the error", async () => {
      const { deps, provider, used } = await setUp({ rotation })
      provider.onToken = () => refusal('invalid_grant')
      const error = await renew(ofApi, deps).catch((caught: unknown) => caught)
      expect(error).toMatchObject({ reason: 'login', oauth: { error: 'invalid_grant' } })
      expect(used()).toEqual(['of the API'])
    })
  },
)

test('each renewal shows whether the provider rotates', async () => {
  const { deps, provider } = await setUp({ ofOwn: false })
  const rotation = async () => (await deps.cache.refreshToken(alice))?.rotation
  expect(await rotation()).toBeUndefined()
  await renew(general, deps)
  expect(await rotation()).toBe('each time')
  provider.onToken = () => jsonResponse(provider.tokens({ refresh_token: undefined }))
  await renew(general, deps)
  expect(await rotation()).toBe('never')
})

describe('at Auth0, which ignores the audience of a refresh request', () => {
  const dialect = DIALECTS.auth0

  test.each(['never', 'each time', undefined] as const)(
    'no refresh token of another API is sent, whatever is known of its rotation: %s',
    async (rotation) => {
      const { deps, used } = await setUp({ ofOwn: false, rotation })
      const error = await failureOf(
        renew(toTokenQuery(alice, ['read'], { dialect, resource }), deps),
      )
      expect(isBeyondGrant(error)).toBe(true)
      expect(used()).toEqual([])
    },
  )

  test('the refresh token of the API renews it', async () => {
    const { deps, used } = await setUp()
    await renew(toTokenQuery(alice, ['read'], { dialect, resource }), deps)
    expect(used()).toEqual(['of the API'])
  })
})
