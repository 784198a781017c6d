import {
  type AccessTokenRecord,
  AuthError,
  createTrace,
  InteractionRequiredError,
  isInteractionRequired,
  type TokenQuery,
  toTokenQuery,
} from '@carnet/core'
import { describe, expect, test } from 'vitest'
import type { SilentRequest } from '../api/requests.ts'
import type { Context } from '../context/context.ts'
import { createFacelessClient } from '../testing/faceless-client.ts'
import { createFromSources } from './from-sources.ts'

const scopes = ['read']

/** A client with a token that expires in an hour, and a provider that notes the way of each renewal. */
async function setUp(failure?: unknown) {
  const client = createFacelessClient('oidc')
  const { platform, accounts, cache } = client
  const { result } = await client.interact({ scopes })
  const query = toTokenQuery(result.account, scopes)
  const ways: unknown[] = []
  const renewed = async (asked: TokenQuery, way: unknown): Promise<AccessTokenRecord> => {
    ways.push(way)
    if (failure !== undefined) throw failure
    const held = await cache.find(asked, platform.now(), () => true)
    return { ...(held as AccessTokenRecord), token: 'renewed', issuedAtMs: platform.now() }
  }
  const config = { silent: { iframe: false, timeoutMs: 10_000 }, group: 'g' }
  const announce = { tokens: () => undefined }
  const started: unknown[] = []
  const events = {
    emit: (name: string, { scopes: asked }: { scopes: unknown }) => started.push([name, asked]),
  }
  const context = { platform, accounts, cache, config, announce, events } as unknown as Context
  const fromSources = createFromSources(context, {
    renew: (asked, _trace, use) => renewed(asked, ['refresh', use]),
    renewInIframe: (asked, refusal, _trace, timeoutMs) =>
      renewed(asked, ['iframe', refusal.reason, timeoutMs]),
  })
  const trace = createTrace(() => 0)
  const ask = async (request: Omit<SilentRequest, 'scopes'>) => {
    const { record, fromCache } = await fromSources(
      query,
      { scopes, ...request },
      { ...trace.begin() },
    )
    return { token: fromCache ? 'cached' : record.token }
  }
  return { ask, ways, platform, started }
}

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => expect.fail('It did not reject.'),
    (error: unknown) => (error instanceof AuthError ? error.code : `${error}`),
  )

describe('the sources of a request', () => {
  test('the cache alone answers with a fresh token, and sends nothing for an expired token', async () => {
    const { ask, ways, platform } = await setUp()
    expect(await ask({ sources: ['cache'] })).toEqual({ token: 'cached' })
    platform.advance(3_600_000)
    expect(await codeOf(ask({ sources: ['cache'] }))).toBe('no_cached_token')
    expect(ways).toEqual([])
  })

  test('without the cache, a fresh token is renewed by the named source only', async () => {
    const { ask, ways } = await setUp()
    expect(await ask({ sources: ['refresh'] })).toEqual({ token: 'renewed' })
    expect(await ask({ sources: ['iframe'], iframeTimeoutMs: 700 })).toEqual({ token: 'renewed' })
    await ask({ sources: ['refresh', 'iframe'] })
    expect(ways).toEqual([
      ['refresh', { isAllowed: false, timeoutMs: undefined }],
      ['iframe', 'no_tokens', 700],
      ['refresh', { isAllowed: true, timeoutMs: undefined }],
    ])
  })

  test('equal requests share one renewal, and requests with other sources do not join it', async () => {
    const { ask, ways, started } = await setUp()
    const asked = [['refresh'], ['refresh'], ['iframe']] as const
    await Promise.all(asked.map((sources) => ask({ sources })))
    expect(started).toEqual([
      ['renewalStarted', scopes],
      ['renewalStarted', scopes],
    ])
    expect(ways.map((way) => (way as string[])[0])).toEqual(['refresh', 'iframe'])
  })

  test('the failure of the refresh token is the answer if the iframe is not a source', async () => {
    const failure = new InteractionRequiredError('login', 'no', { scopes })
    const { ask } = await setUp(failure)
    const error = await ask({ sources: ['cache', 'refresh'], forceRefresh: true }).catch((e) => e)
    expect(isInteractionRequired(error) && error.reason).toBe('login')
  })
})

describe('the least lifetime', () => {
  test('renews a token that expires earlier', async () => {
    const { ask, ways, platform } = await setUp()
    expect(await ask({ minLifetimeMs: 600_000 })).toEqual({ token: 'cached' })
    platform.advance(3_100_000)
    expect(await ask({ minLifetimeMs: 600_000 })).toEqual({ token: 'renewed' })
    expect(ways).toEqual([['refresh', { isAllowed: false, timeoutMs: undefined }]])
  })

  test('accepts a shorter lifetime while the provider cannot be reached', async () => {
    const { ask, platform } = await setUp(new AuthError('network_error', 'down'))
    platform.advance(3_100_000)
    expect(await ask({ minLifetimeMs: 600_000 })).toEqual({ token: 'cached' })
    expect(await codeOf(ask({ sources: ['refresh'] }))).toBe('network_error')
    platform.advance(500_000)
    expect(await codeOf(ask({ minLifetimeMs: 600_000 }))).toBe('network_error')
  })
})
