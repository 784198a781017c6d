import { describe, expect, test } from 'vitest'
import { AuthError, isAuthError } from '../errors/errors.ts'
import { createFetchJson } from '../protocol/fetch-json.ts'
import { createHttp } from '../protocol/http.ts'
import { createMemoryStore } from '../records/memory-store.ts'
import type { RecordStore } from '../records/record-store.ts'
import { failureOf } from '../testing/failure-of.ts'
import { createFakePlatform } from '../testing/fake-platform.ts'
import { createFakeProvider, jsonResponse } from '../testing/fake-provider.ts'
import { createMetadataSource } from './metadata-source.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const authority = 'https://idp.example'

function setUp(store: RecordStore = createMemoryStore()) {
  const platform = createFakePlatform((request) => provider.respond(request))
  const provider = createFakeProvider({ now: platform.now })
  const http = createHttp({ fetch: platform.fetch, timeoutMs: 1000 })
  const open = () => createMetadataSource({ platform, store, fetchJson: createFetchJson(http) })
  return { platform, provider, store, open, metadataOf: open() }
}

/** Waits for work in the background. */
const settled = async (condition: () => boolean) => expect.poll(condition).toBe(true)

describe('freshness', () => {
  test('one request is enough for a day', async () => {
    const { metadataOf, platform } = setUp()
    await metadataOf(authority)
    platform.advance(DAY_MS - 1)
    expect((await metadataOf(authority)).token_endpoint).toBe('https://idp.example/token')
    expect(platform.requests).toHaveLength(1)
  })

  test('a stale document is returned at once and refreshed in the background', async () => {
    const { metadataOf, platform, provider } = setUp()
    await metadataOf(authority)
    platform.advance(DAY_MS)
    const moved = { ...provider.metadata, token_endpoint: 'https://idp.example/token2' }
    provider.onDiscovery = () => jsonResponse(moved)

    expect((await metadataOf(authority)).token_endpoint).toBe('https://idp.example/token')
    await settled(() => platform.requests.length === 2)
    await expect
      .poll(async () => (await metadataOf(authority)).token_endpoint)
      .toBe('https://idp.example/token2')
    expect(platform.requests).toHaveLength(2)
  })

  test('a stale document is used while the provider is down', async () => {
    const { metadataOf, platform, provider } = setUp()
    await metadataOf(authority)
    platform.advance(DAY_MS)
    provider.onDiscovery = () => new Response('down', { status: 503 })
    expect((await metadataOf(authority)).issuer).toBe(authority)
    await settled(() => platform.logged.some((line) => line.includes('could not be refreshed')))
    expect((await metadataOf(authority)).issuer).toBe(authority)
  })

  test('another load of the page finds the document in the store', async () => {
    const { open, metadataOf, platform } = setUp()
    await metadataOf(authority)
    await open()(authority)
    expect(platform.requests).toHaveLength(1)
  })

  test('a stored document older than thirty days is not used', async () => {
    const { open, metadataOf, platform, provider } = setUp()
    await metadataOf(authority)
    platform.advance(31 * DAY_MS)
    const moved = { ...provider.metadata, token_endpoint: 'https://idp.example/token2' }
    provider.onDiscovery = () => jsonResponse(moved)
    expect((await open()(authority)).token_endpoint).toBe('https://idp.example/token2')
  })

  test('a document from the future is renewed: the clock was set back', async () => {
    const { open, metadataOf, platform } = setUp()
    platform.advance(DAY_MS)
    await metadataOf(authority)
    platform.advance(-DAY_MS)
    await open()(authority)
    await settled(() => platform.requests.length === 2)
  })

  test('concurrent callers share one request', async () => {
    const { metadataOf, platform } = setUp()
    const [first, second] = await Promise.all([metadataOf(authority), metadataOf(authority)])
    expect(first).toBe(second)
    expect(platform.requests).toHaveLength(1)
  })

  test('a slash at the end of the authority is not doubled', async () => {
    const { metadataOf, platform } = setUp()
    await metadataOf('https://idp.example/')
    expect(platform.requests[0]?.url).toBe('https://idp.example/.well-known/openid-configuration')
  })
})

describe('faults of the provider', () => {
  test.each([
    ['unreachable', () => Promise.reject(new TypeError('Failed to fetch')), 'discovery_failed'],
    ['500', () => new Response('oops', { status: 500 }), 'discovery_failed'],
    ['404', () => jsonResponse({}, 404), 'discovery_failed'],
    ['HTML', () => new Response('<html>', { status: 200 }), 'discovery_failed'],
    ['an empty body', () => new Response('', { status: 200 }), 'discovery_failed'],
    ['an array', () => jsonResponse([]), 'discovery_failed'],
    ['no endpoints', () => jsonResponse({ issuer: authority }), 'discovery_failed'],
    ['another issuer', () => jsonResponse({ issuer: 'https://evil.example' }), 'issuer_mismatch'],
  ] as const)(
    '%s causes its error code, and the next call tries again',
    async (_what, answer, code) => {
      const { metadataOf, provider } = setUp()
      const good = provider.onDiscovery
      provider.onDiscovery = answer
      const error = await failureOf(metadataOf(authority))
      expect(error.code).toBe(code)
      expect(error.message).toContain(authority)
      expect(error.hint).not.toBe('')
      provider.onDiscovery = good
      expect((await metadataOf(authority)).issuer).toBe(authority)
    },
  )

  test('the original error is the cause', async () => {
    const { metadataOf, provider } = setUp()
    provider.onDiscovery = () => Promise.reject(new TypeError('Failed to fetch'))
    const { cause } = await failureOf(metadataOf(authority))
    expect(isAuthError(cause, 'network_error')).toBe(true)
  })
})

describe('faults of the store', () => {
  test('a store that rejects causes only a request and a line in the log', async () => {
    const broken: RecordStore = {
      ...createMemoryStore(),
      get: () => Promise.reject(new Error('no storage')),
      write: () => Promise.reject(new Error('no storage')),
    }
    const { metadataOf, platform } = setUp(broken)
    expect((await metadataOf(authority)).issuer).toBe(authority)
    expect(platform.logged.join()).toContain('could not be stored')
  })

  test.each([
    null,
    'text',
    { fetchedAtMs: 'yesterday' },
    { fetchedAtMs: 1 },
    { fetchedAtMs: 1, metadata: { issuer: 'https://evil.example' } },
    { fetchedAtMs: 1, metadata: { issuer: authority, token_endpoint: 'http://evil.example' } },
  ])('a record with the content %j is ignored', async (value) => {
    const { metadataOf, store, platform } = setUp()
    const record = { key: `provider|${authority}`, tags: [], expiresAtMs: 8e15, value }
    await store.write([{ type: 'put', collection: 'metadata', record }])
    expect((await metadataOf(authority)).token_endpoint).toBe('https://idp.example/token')
    expect(platform.requests).toHaveLength(1)
  })
})

test('an authority that ends like an endpoint is named in the failure', async () => {
  const { metadataOf, provider } = setUp()
  provider.onDiscovery = () => new Response('', { status: 404 })
  const error = await failureOf(metadataOf(`${authority}/authorize`))
  expect(error.message).toContain('without /authorize')
})

test.each(['blocked_by_csp', 'offline'] as const)(
  'a failure without relation to the document (%s) is passed on unchanged',
  async (code) => {
    const failure = new AuthError(code, 'Not the provider.')
    const platform = createFakePlatform(() => new Response())
    const fetchJson = () => Promise.reject(failure)
    const metadataOf = createMetadataSource({ platform, store: createMemoryStore(), fetchJson })
    expect(await failureOf(metadataOf(authority))).toBe(failure)
  },
)
