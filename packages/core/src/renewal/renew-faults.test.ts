import { describe, expect, test } from 'vitest'
import { accountKey } from '../accounts/account.ts'
import { accountFromClaims } from '../accounts/account-claims.ts'
import { isAuthError } from '../errors/errors.ts'
import { isInteractionRequired } from '../errors/interaction-required.ts'
import { createHttp } from '../protocol/http.ts'
import { allTextOf } from '../testing/all-text-of.ts'
import { createFakePlatform } from '../testing/fake-platform.ts'
import { createFakeProvider, type FakeProvider, jsonResponse } from '../testing/fake-provider.ts'
import { createRenewalDeps } from '../testing/renewal.ts'
import { toTokenQuery } from '../tokens/token-query.ts'
import { renew } from './renew.ts'

const alice = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })
const read = toTokenQuery(alice, ['read'])

async function setUp() {
  const platform = createFakePlatform((request) => provider.respond(request))
  const provider = createFakeProvider({ now: platform.now })
  const deps = createRenewalDeps(platform, async () => provider.metadata, 50)
  const { store, cache, accounts } = deps
  const account = accountKey(alice)
  const held = { owner: account, requestedScopes: ['read'], grantedScopes: ['read'], issuedAtMs: 0 }
  const mail = toTokenQuery(alice, ['mail'])
  const owner = { account: alice, idToken: 's3cret-id-token', authority: provider.issuer }
  await store.write([
    ...accounts.put(owner),
    ...cache.keep({ ...held, token: 's3cret-refresh-0' }),
    ...cache.keep({
      ...held,
      resource: '',
      requestedScopes: ['mail'],
      token: 's3cret-access-0',
      tokenType: 'Bearer' as const,
      issuedAtMs: platform.now(),
      expiresAtMs: platform.now() + 3_600_000,
    }),
  ])
  return { platform, provider, cache, accounts, deps, mail }
}

type Fault = (provider: FakeProvider) => Response | Promise<Response>

const html = (status: number): Fault => {
  const headers = { 'content-type': 'text/html' }
  return () => new Response('<h1>s3cret-in-html</h1>', { status, headers })
}
const tokens =
  (fields: Record<string, unknown>): Fault =>
  (provider) =>
    jsonResponse(provider.tokens(fields))
const idToken =
  (claims: Record<string, unknown>): Fault =>
  (provider) =>
    jsonResponse(provider.tokens({ id_token: provider.idToken(claims) }))
const echoing: Fault = () =>
  jsonResponse({ error: 'invalid_client', error_description: 'Bad token: s3cret-refresh-0' }, 400)

const HELD = 's3cret-refresh-0'
const ROTATED = 's3cret-refresh-1'

/** The fault of the token endpoint, the code of the error, and the remaining refresh token. */
const FAULTS: readonly [string, Fault, string, string?][] = [
  ['500 with JSON', () => jsonResponse({ error: 'server_error' }, 500), 'server_error'],
  ['500 with HTML', html(500), 'server_error'],
  ['429', () => jsonResponse({ error: 'slow_down' }, 429), 'server_error'],
  ['200 with HTML', html(200), 'intermediary_answered'],
  ['200 with an array', () => jsonResponse([]), 'invalid_response'],
  ['200 with an empty body', () => jsonResponse(''), 'invalid_response'],
  ['204', () => new Response(null, { status: 204 }), 'invalid_response'],
  ['403 with a page of a firewall', html(403), 'intermediary_answered'],
  ['404 with HTML', html(404), 'intermediary_answered'],
  ['a redirect', () => Response.redirect('https://evil.example/', 307), 'intermediary_answered'],
  ['a reset', () => Promise.reject(new TypeError('fetch failed')), 'network_error'],
  [
    'an unknown client',
    () => jsonResponse({ error: 'invalid_client' }, 401),
    'token_request_failed',
  ],
  ['no access token', tokens({ access_token: undefined }), 'invalid_response', ROTATED],
  ['an access token that is no string', tokens({ access_token: 7 }), 'invalid_response', ROTATED],
  ['no token type', tokens({ token_type: undefined }), 'invalid_response', ROTATED],
  ['a token that is bound to a key', tokens({ token_type: 'DPoP' }), 'invalid_response', ROTATED],
  ['an unknown token type', tokens({ token_type: 'mac' }), 'invalid_response', ROTATED],
  ['a lifetime below 0', tokens({ expires_in: -1 }), 'invalid_response', ROTATED],
  ['a lifetime that is no number', tokens({ expires_in: 'soon' }), 'invalid_response', ROTATED],
  ['a refresh token that is no string', tokens({ refresh_token: 7 }), 'invalid_response'],
  ['scopes that are no string', tokens({ scope: ['s3cret-scope'] }), 'invalid_response', ROTATED],
  [
    'an ID token for another client',
    idToken({ aud: 's3cret-client' }),
    'invalid_id_token',
    ROTATED,
  ],
  ['an ID token for several clients', idToken({ aud: ['spa', 'x'] }), 'invalid_id_token', ROTATED],
  ['an ID token that expired', idToken({ iat: 1, exp: 2 }), 'invalid_id_token', ROTATED],
  ['an ID token without a subject', idToken({ sub: undefined }), 'invalid_id_token', ROTATED],
  ['an ID token that is no JWT', tokens({ id_token: 's3cret.x' }), 'invalid_id_token', ROTATED],
  ['the refresh token in the error description', echoing, 'token_request_failed'],
]

describe.each(FAULTS)('the token endpoint answers with %s', (_what, fault, code, left = HELD) => {
  async function fail() {
    const world = await setUp()
    world.provider.onToken = () => fault(world.provider)
    const error = await renew(read, world.deps).catch((caught: unknown) => caught)
    return { ...world, error }
  }

  test(`the error is ${code}, with a hint`, async () => {
    const { error } = await fail()
    expect(isAuthError(error) && error.code).toBe(code)
    expect(isAuthError(error) && error.hint).toMatch(/\w/)
  })

  test('no record is lost; a rotated refresh token replaces the old token', async () => {
    const { cache, accounts, mail, platform } = await fail()
    expect((await cache.refreshToken(alice))?.token).toBe(left)
    expect((await cache.find(mail, platform.now()))?.token).toBe('s3cret-access-0')
    expect(accounts.record(alice)?.idToken).toBe('s3cret-id-token')
  })

  test('no secret is in the error or the log', async () => {
    const { error, platform } = await fail()
    expect(allTextOf(error)).not.toContain('s3cret')
    expect(platform.logged.join('\n')).not.toContain('s3cret')
  })
})

describe.each([
  ['of another user', { sub: 's3cret-bob' }],
  ['of another issuer', { iss: 'https://s3cret.example' }],
])('an ID token %s', (_what, claims) => {
  test('is refused, and neither the old nor the new refresh token is kept', async () => {
    const { deps, provider, cache, accounts, mail, platform } = await setUp()
    provider.onToken = () => idToken(claims)(provider)
    const refused = await renew(read, deps).catch((caught: unknown) => caught)
    expect(isAuthError(refused) && refused.code).toBe('invalid_id_token')
    expect(allTextOf(refused) + platform.logged.join()).not.toContain('s3cret')
    expect(await cache.refreshToken(alice)).toBeUndefined()
    expect((await cache.find(mail, platform.now()))?.token).toBe('s3cret-access-0')
    expect(accounts.record(alice)?.idToken).toBe('s3cret-id-token')
    const next = await renew(read, deps).catch((caught: unknown) => caught)
    expect(isInteractionRequired(next) && next.reason).toBe('no_tokens')
    expect(provider.tokenRequests).toHaveLength(1)
  })

  test('of a provider that does not rotate is refused, and the refresh token stays', async () => {
    const { deps, provider, cache } = await setUp()
    const fields = { id_token: provider.idToken(claims), refresh_token: undefined }
    provider.onToken = () => jsonResponse(provider.tokens(fields))
    await renew(read, deps).catch(() => undefined)
    expect((await cache.refreshToken(alice))?.token).toBe(HELD)
  })
})

test('after a refused ID token, the next renewal redeems the rotated refresh token', async () => {
  const { deps, provider } = await setUp()
  provider.onToken = () => idToken({ aud: 'x' })(provider)
  await renew(read, deps).catch(() => undefined)
  provider.onToken = () => jsonResponse(provider.tokens())
  expect((await renew(read, deps)).token).toMatch(/s3cret-access/)
  const sent = provider.tokenRequests.map((request) => request.get('refresh_token'))
  expect(sent).toEqual([HELD, ROTATED])
})

test('a token endpoint without a response in time causes a timeout', async () => {
  const { deps, cache } = await setUp()
  const fetch: typeof globalThis.fetch = (_url, init) =>
    new Promise((_resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
    })
  const slow = { ...deps, http: createHttp({ fetch, timeoutMs: 20 }) }
  const error = await renew(read, slow).catch((caught: unknown) => caught)
  expect(isAuthError(error, 'timeout')).toBe(true)
  expect(allTextOf(error)).not.toContain('s3cret')
  expect((await cache.refreshToken(alice))?.token).toBe('s3cret-refresh-0')
})

test('an account that was removed while its token was renewed does not come back', async () => {
  const { deps, provider, accounts, cache } = await setUp()
  provider.onToken = async () => {
    await deps.store.write([
      ...accounts.remove(accountKey(alice)),
      ...cache.removal(alice, accounts.list()),
    ])
    return jsonResponse(provider.tokens())
  }
  const error = await renew(read, deps).catch((caught: unknown) => caught)
  expect(isAuthError(error) && error.code).toBe('account_not_found')
  expect(await cache.refreshToken(alice)).toBeUndefined()
  expect(accounts.list()).toEqual([])
})

test('an account that is not signed in causes an error before any request', async () => {
  const { deps, platform } = await setUp()
  const bob = accountFromClaims({ iss: 'https://idp.example', sub: 'bob' })
  const error = await renew(toTokenQuery(bob, ['read']), deps).catch((caught: unknown) => caught)
  expect(isAuthError(error) && error.code).toBe('account_not_found')
  expect(platform.requests).toEqual([])
})

test('`__proto__` in a response is ordinary data', async () => {
  const { deps, provider } = await setUp()
  provider.onToken = () => {
    const body = JSON.stringify(provider.tokens({ access_token: undefined }))
    return jsonResponse(body.replace('{', '{"__proto__":{"access_token":"stolen"},'))
  }
  const error = await renew(read, deps).catch((caught: unknown) => caught)
  expect(isAuthError(error) && error.code).toBe('invalid_response')
})
