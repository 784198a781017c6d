import { expect, test } from 'vitest'
import { accountKey } from './accounts/account.ts'
import { accountFromClaims } from './accounts/account-claims.ts'
import { createAccountRegistry } from './accounts/account-registry.ts'
import { createConsentLedger } from './consent/consent-ledger.ts'
import { isInteractionRequired } from './interaction-required.ts'
import { createHttp } from './protocol/http.ts'
import { type RenewDeps, renew } from './renew.ts'
import { createFakePlatform } from './testing/fake-platform.ts'
import { createFakeProvider, jsonResponse } from './testing/fake-provider.ts'
import { createMemoryStore } from './tokens/memory-store.ts'
import { createTokenCache } from './tokens/token-cache.ts'
import { toTokenQuery } from './tokens/token-query.ts'

const alice = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })
const resource = 'https://api.example'
const general = toTokenQuery(alice, ['read'])
const ofApi = toTokenQuery(alice, ['read'], { resource })
const refusal = (error: string) => jsonResponse({ error }, 400)

/** Alice holds a refresh token of her sign-in, and one of an API where `ofOwn` says so (RFC 8707). */
async function setUp({ ofOwn = true } = {}) {
  const platform = createFakePlatform((request) => provider.respond(request))
  const provider = createFakeProvider({ now: platform.now })
  const store = createMemoryStore()
  const cache = createTokenCache('spa', store)
  const accounts = createAccountRegistry('spa', store)
  const scopes = { requestedScopes: ['openid', 'read'], grantedScopes: ['openid', 'read'] }
  const held = { account: accountKey(alice), ...scopes, issuedAtMs: platform.now() }
  await store.write([
    ...accounts.put({ account: alice, idToken: 'x', authority: provider.issuer }),
    ...cache.keep({ ...held, token: 'general' }),
    ...(ofOwn ? cache.keep({ ...held, token: 'of the API', resource }) : []),
  ])
  const deps: RenewDeps = {
    platform,
    clientId: 'spa',
    store,
    cache,
    accounts,
    ledger: createConsentLedger('spa', store, platform.now),
    metadataOf: async () => provider.metadata,
    http: createHttp({ fetch: platform.fetch, timeoutMs: 1000 }),
  }
  const used = () => provider.tokenRequests.map((request) => request.get('refresh_token'))
  const heldTokens = async () => (await cache.refreshTokens(alice)).map(({ token }) => token)
  return { provider, deps, used, heldTokens }
}

test('a token of an API is renewed by its own refresh token, the general one by the general', async () => {
  const { deps, used, heldTokens } = await setUp()
  await renew(ofApi, deps)
  await renew(general, deps)
  expect(used()).toEqual(['of the API', 'general'])
  expect(await heldTokens()).toEqual(['s3cret-refresh-2', 's3cret-refresh-1'])
})

test('where the refresh token of the API has died, the general one is tried', async () => {
  const { deps, provider, used, heldTokens } = await setUp()
  provider.onToken = (request) =>
    request.get('refresh_token') === 'of the API'
      ? refusal('invalid_grant')
      : jsonResponse(provider.tokens())
  expect((await renew(ofApi, deps)).resource).toBe(resource)
  expect(used()).toEqual(['of the API', 'general'])
  expect(await heldTokens()).toEqual(['s3cret-refresh-1'])
})

test('where no grant reaches to the API, the user is needed; the refresh token stays', async () => {
  const { deps, provider, heldTokens } = await setUp({ ofOwn: false })
  provider.onToken = () => refusal('invalid_target')
  const error = await renew(ofApi, deps).catch((caught: unknown) => caught)
  expect(isInteractionRequired(error) && error.reason).toBe('consent')
  expect(isInteractionRequired(error) && error.request.resource).toBe(resource)
  expect(await heldTokens()).toEqual(['general'])
})
