import { beforeEach, describe, expect, test } from 'vitest'
import { accountKey } from '../accounts/account.ts'
import { accountFromClaims } from '../accounts/account-claims.ts'
import { refreshTokenKey } from '../accounts/refresh-token-key.ts'
import { createMetadataSource } from '../discovery/metadata-source.ts'
import { createFetchJson } from '../protocol/fetch-json.ts'
import { createHttp } from '../protocol/http.ts'
import { createFakePlatform } from '../testing/fake-platform.ts'
import { createFakeProvider, jsonResponse } from '../testing/fake-provider.ts'
import { createRenewalDeps } from '../testing/renewal.ts'
import { toTokenQuery } from '../tokens/token-query.ts'
import { renew } from './renew.ts'

const alice = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })
const read = toTokenQuery(alice, ['read'])
const page = (status: number) =>
  new Response('<h1>Gateway</h1>', { status, headers: { 'content-type': 'text/html' } })

let world: Awaited<ReturnType<typeof setUp>>
beforeEach(async () => {
  world = await setUp()
})

/** Alice's access token has expired; her refresh token is stored. `token` is the response of the token endpoint. */
async function setUp() {
  const state = { token: (): Response => page(404), probes: 0, reaches: (_url: string) => true }
  const platform = createFakePlatform((request) => {
    if (request.mode === 'no-cors') {
      state.probes += 1
      if (!state.reaches(request.url)) throw new TypeError('Failed to fetch')
      return new Response(null, { status: 200 })
    }
    return provider.respond(request)
  })
  const provider = createFakeProvider({ now: platform.now })
  provider.onToken = () => state.token()
  const store = createRenewalDeps(platform, async () => provider.metadata)
  const metadataOf = createMetadataSource({
    platform,
    store: store.store,
    fetchJson: createFetchJson(createHttp({ fetch: platform.fetch, timeoutMs: 1000 })),
  })
  const deps = { ...store, metadataOf }
  const scopes = { requestedScopes: ['read'], grantedScopes: ['read'] }
  await deps.store.write([
    ...deps.accounts.put({ account: alice, idToken: 's3cret', authority: provider.issuer }),
    ...deps.cache.keep({
      ...scopes,
      owner: refreshTokenKey(alice),
      token: 's3cret-refresh-0',
      issuedAtMs: 0,
    }),
  ])
  /** The codes of `times` renewals that are `apartMs` apart. */
  async function outcomes(times: number, apartMs: number, forceRefresh = false) {
    const seen: string[] = []
    for (let call = 0; call < times; call++) {
      const outcome = await renew({ ...read, forceRefresh }, deps).then(
        () => 'token',
        ({ code, reason }) => reason ?? code,
      )
      seen.push(outcome)
      platform.advance(apartMs)
    }
    return seen
  }
  return { state, platform, provider, deps, outcomes, scopes }
}

const unreadable = () => Promise.reject(new TypeError('Failed to fetch')) as unknown as Response

describe('a token endpoint that keeps failing while the provider can be reached', () => {
  test.each<[string, () => Response, string]>([
    ['404 and a page', () => page(404), 'intermediary_answered'],
    ['200 and a page', () => page(200), 'intermediary_answered'],
    ['502 and a page', () => page(502), 'intermediary_answered'],
    ['500', () => new Response('no', { status: 500 }), 'server_error'],
    ['500 as JSON', () => jsonResponse({ error: 'server_error' }, 500), 'server_error'],
    ['no CORS headers', unreadable, 'network_error'],
  ])(
    '(%s) needs the user within seconds, and keeps the refresh token',
    async (_what, token, code) => {
      world.state.token = token
      expect(await world.outcomes(4, 2500)).toEqual([code, code, 'login', 'login'])
      const held = await world.deps.cache.refreshToken(alice)
      expect(held?.token).toBe('s3cret-refresh-0')
    },
  )

  test('has the failure as the cause, and no secret', async () => {
    await world.outcomes(2, 2500)
    const error = await renew(read, world.deps).catch((caught) => caught)
    expect(error).toMatchObject({
      code: 'interaction_required',
      cause: { code: 'intermediary_answered' },
      request: { scopes: ['read'], account: alice },
    })
    expect(JSON.stringify(error)).not.toContain('s3cret')
  })

  test('three failures in quick succession do not end the session', async () => {
    expect(await world.outcomes(5, 100)).not.toContain('login')
  })

  test('failures hours apart count, and a successful renewal resets the count', async () => {
    expect(await world.outcomes(2, 3_600_000)).not.toContain('login')
    world.state.token = () => jsonResponse(world.provider.tokens())
    expect(await world.outcomes(1, 3_600_000)).toEqual(['token'])
    world.state.token = () => page(404)
    expect((await world.outcomes(3, 3_600_000)).indexOf('login')).toBe(2)
  })

  test('is retried, but not by every call, and the session continues when it works again', async () => {
    await world.outcomes(3, 2500)
    const before = world.provider.tokenRequests.length
    await world.outcomes(3, 100)
    expect(world.provider.tokenRequests).toHaveLength(before)
    await world.outcomes(1, 10_000, true)
    expect(world.provider.tokenRequests).toHaveLength(before + 1)
    world.state.token = () => jsonResponse(world.provider.tokens())
    expect(await world.outcomes(1, 0)).toEqual(['token'])
  })

  test('does not need the user while a cached token is valid', async () => {
    const { deps, platform, scopes, outcomes } = world
    const access = {
      ...scopes,
      owner: accountKey(alice),
      resource: '',
      token: 'a',
      tokenType: 'Bearer',
      issuedAtMs: platform.now(),
      expiresAtMs: platform.now() + 60_000,
    }
    await deps.store.write(deps.cache.keep(access))
    expect(await outcomes(20, 2500, true)).not.toContain('login')
    platform.advance(10_000)
    expect(await outcomes(1, 0)).toEqual(['login'])
  })
})

describe('an outage does not end a session', () => {
  test('if discovery fails too', async () => {
    world.provider.onDiscovery = () => jsonResponse({}, 503)
    await world.deps.store.write([])
    world.state.token = unreadable
    const outcomes = await world.outcomes(30, 60_000)
    expect(outcomes).not.toContain('login')
  })

  test('if only the discovery document can be reached: another host may serve it', async () => {
    world.state.token = unreadable
    world.state.reaches = () => false
    expect(await world.outcomes(60, 10_000)).not.toContain('login')
  })

  test('if the provider sends Retry-After', async () => {
    world.state.token = () => new Response('', { status: 503, headers: { 'retry-after': '1' } })
    expect(new Set(await world.outcomes(30, 10_000))).toEqual(new Set(['server_error']))
  })

  test.each<[string, () => Response]>([
    ['the endpoint sends no response', unreadable],
    [
      'the error is `temporarily_unavailable`',
      () => jsonResponse({ error: 'temporarily_unavailable' }, 503),
    ],
  ])('for a minute if %s', async (_what, token) => {
    world.state.token = token
    world.state.reaches = (url) => url === world.provider.metadata.authorization_endpoint
    expect(await world.outcomes(20, 2500)).not.toContain('login')
    expect(world.state.probes).toBeLessThan(5)
    expect(await world.outcomes(16, 2500)).toContain('login')
  })
})

describe('a token endpoint that moved', () => {
  const moved = 'https://new.example/token'
  beforeEach(async () => {
    await world.deps.metadataOf(world.provider.issuer)
    world.provider.onDiscovery = () =>
      jsonResponse({ ...world.provider.metadata, token_endpoint: moved })
  })

  test('is used at its new URL immediately', async () => {
    const { deps, platform, provider } = world
    const { fetch } = platform
    const atBoth: typeof fetch = async (input, init) =>
      String(input) === moved ? jsonResponse(provider.tokens()) : fetch(input, init)
    const http = createHttp({ fetch: atBoth, timeoutMs: 1000 })
    expect((await renew(read, { ...deps, http })).token).toMatch(/s3cret-access/)
    expect(provider.tokenRequests).toHaveLength(1)
  })
})

test('a malformed failure record, or a record of another refresh token, is ignored', async () => {
  await world.outcomes(2, 2500)
  const key = 'failures|spa|idp.example|alice|'
  const stored = await world.deps.store.get('metadata', key)
  expect(stored?.value).toMatchObject({ count: 2 })
  for (const value of [
    { ...Object(stored?.value), count: 'many' },
    { ...Object(stored?.value), id: 'another' },
    { ...Object(stored?.value), sinceMs: world.platform.now() + 3_600_000 },
    null,
  ]) {
    const record = { key, tags: [], expiresAtMs: 8e15, value }
    await world.deps.store.write([{ type: 'put', collection: 'metadata', record }])
    expect(await world.outcomes(2, 2500)).not.toContain('login')
  }
})
