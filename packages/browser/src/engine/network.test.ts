import { createMemoryStore, isAuthError, toTokenQuery, transactionRecordKey } from '@carnet/core'
import { allTextOf, createFakePlatform, createFakeProvider, jsonResponse } from '@carnet/core/fakes'
import { describe, expect, test } from 'vitest'
import type { AuthClientOptions } from '../api/options.ts'
import type { InteractiveRequest } from '../api/requests.ts'
import { readOptions } from '../checks/read-options.ts'
import { createContext } from '../context/create-context.ts'
import { fakeAnnounce, fakePage, fakeStart, silentChannel } from '../testing/fakes.ts'
import { createNetwork } from '../testing/network.ts'
import { createCustody } from '../worker/custody.ts'

const origin = 'https://app.example'
const correlationId = 'c-1'

/** A page, a store and a provider; `signIn` sends a request and completes the response. */
function setUp(options: Partial<AuthClientOptions> = {}) {
  const platform = createFakePlatform((request) => provider.respond(request))
  const provider = createFakeProvider({ now: platform.now })
  const base = {
    clientId: 'spa',
    authority: provider.issuer,
    fetch: platform.fetch,
    clock: platform,
  }
  const config = readOptions({ ...base, ...options }, origin)
  const memory = createMemoryStore()
  let degraded = false
  const store = { ...memory, isDegraded: () => degraded, withLease: platform.withLock }
  const urls: string[] = [`${origin}/inbox`]
  const page = fakePage(origin, {
    href: () => urls.at(-1) ?? origin,
    replaceUrl: (url) => void urls.push(url),
  })
  const announced: string[] = []
  const announce = fakeAnnounce({
    accountAdded: ({ username }) => void announced.push(`added ${username}`),
    tokens: (_query, _record, source) => void announced.push(`tokens by ${source}`),
  })
  const custody = createCustody(config, () => undefined)
  const channel = silentChannel
  const context = createContext({
    ...fakeStart(),
    ...{ config, page, platform, store, announce, custody, channel },
  })
  const { cache, accounts } = context
  const network = createNetwork(context, accounts.load)

  const start = (request: InteractiveRequest = {}) =>
    network.start({ ...request, correlationId }, 'redirect')

  /** The provider sends `response`, beside the state of the request, and a token for its nonce. */
  async function signIn(
    request: InteractiveRequest = {},
    response: Record<string, string> = { code: 's3cret-code' },
    claims: Record<string, unknown> = {},
  ) {
    const { transaction } = await start(request)
    const idToken = provider.idToken({ nonce: transaction.nonce, ...claims })
    provider.onToken = () => jsonResponse(provider.tokens({ id_token: idToken }))
    const answer = new URLSearchParams({ state: transaction.state, ...response })
    return network.complete(answer)
  }
  const degrade = () => {
    degraded = true
  }
  return {
    platform,
    provider,
    partition: config.partition,
    store,
    cache,
    accounts,
    announced,
    urls,
    network,
    start,
    signIn,
    degrade,
  }
}

const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => expect.fail('It did not reject.'),
    (error: unknown) => (isAuthError(error) ? error : expect.fail(`Not an AuthError: ${error}`)),
  )

describe('the authorization request', () => {
  test('has a PKCE challenge, and its own state and nonce', async () => {
    const { start } = setUp()
    const [one, two] = [await start({ scopes: ['read'] }), await start({ scopes: ['read'] })]
    const query = new URL(one.url).searchParams
    expect(query.get('response_type')).toBe('code')
    expect(query.get('code_challenge_method')).toBe('S256')
    expect(query.get('code_challenge')).not.toBe(one.transaction.codeVerifier)
    expect(query.get('redirect_uri')).toBe(`${origin}/`)
    expect(query.get('scope')).toBe('offline_access openid profile read')
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(query.get(name)).not.toBe(new URL(two.url).searchParams.get(name))
    expect(one.url).not.toContain(one.transaction.codeVerifier)
  })

  test('contains the parameters of the app, which cannot replace protocol parameters', async () => {
    const { start } = setUp()
    const { url } = await start({
      prompt: 'login',
      loginHint: 'alice',
      resource: 'https://api.example',
      extraParameters: { ui_locales: 'de', scope: 'admin', redirect_uri: 'https://evil.example' },
    })
    const query = new URL(url).searchParams
    expect([query.get('prompt'), query.get('login_hint')]).toEqual(['login', 'alice'])
    expect([query.get('resource'), query.get('ui_locales')]).toEqual(['https://api.example', 'de'])
    expect(query.getAll('redirect_uri')).toEqual([`${origin}/`])
    expect(query.get('scope')).not.toContain('admin')
  })

  test('omits scopes that the provider does not support', async () => {
    const { provider, start } = setUp()
    provider.onDiscovery = () =>
      jsonResponse({ ...provider.metadata, scopes_supported: ['openid'] })
    expect(new URL((await start()).url).searchParams.get('scope')).toBe('openid')
  })

  test('is not sent if the transaction cannot be stored', async () => {
    const { start, degrade } = setUp()
    degrade()
    expect((await failureOf(start())).code).toBe('storage_unavailable')
  })
})

describe('the authorization response', () => {
  test('gives an account and its tokens, and restores the page of the user', async () => {
    const { signIn, accounts, announced, cache, platform, urls } = setUp()
    const result = await signIn({ scopes: ['read'], state: 'mine' })
    expect(result.account.username).toBe('alice')
    expect([result.state, result.correlationId, result.fromCache]).toEqual(['mine', 'c-1', false])
    expect(accounts.active()?.username).toBe('alice')
    expect(urls.at(-1)).toBe(`${origin}/inbox`)
    expect(announced).toEqual(['added alice', 'tokens by interaction'])
    const held = await cache.find(toTokenQuery(result.account, ['read']), platform.now())
    expect(held?.token).toBe(result.accessToken)
    expect(await cache.refreshToken(result.account)).toBeDefined()
  })

  test('navigates to the URL of the request', async () => {
    const { signIn, urls } = setUp()
    await signIn({ returnTo: '/calendar?week=7#today' })
    expect(urls.at(-1)).toBe(`${origin}/calendar?week=7#today`)
  })

  test('consent to more scopes does not change the scopes of the token', async () => {
    const { signIn, cache, platform } = setUp()
    const { account } = await signIn({ scopes: ['read'], extraScopesToConsent: ['mail'] })
    expect(await cache.find(toTokenQuery(account, ['read']), platform.now())).toBeDefined()
    const held = await cache.refreshToken(account)
    expect(held?.requestedScopes).toContain('mail')
  })
})

describe('an unusable response', () => {
  const evil = 'https://evil.example'
  test.each([
    ['access_denied', { error: 'access_denied' }, {}, 'access_denied'],
    ['consent_required', { error: 'consent_required' }, {}, 'interaction_required'],
    ['temporarily_unavailable', { error: 'temporarily_unavailable' }, {}, 'server_error'],
    ['invalid_request', { error: 'invalid_request' }, {}, 'authorization_failed'],
    ['another issuer', { code: 's3cret-code', iss: evil }, {}, 'issuer_identification_failed'],
    ['another nonce', { code: 's3cret-code' }, { nonce: 's3cret' }, 'invalid_id_token'],
    ['an old ID token', { code: 's3cret-code' }, { iat: 1, exp: 2 }, 'invalid_id_token'],
    ['no subject', { code: 's3cret-code' }, { sub: undefined }, 'invalid_id_token'],
    ['half a character', { code: 's3cret-code' }, { sub: '\ud800' }, 'invalid_id_token'],
  ])(
    '(%s) causes its own error code; the accounts stay signed in',
    async (_what, response, claims, code) => {
      const { signIn, accounts, cache, platform } = setUp()
      const { account } = await signIn({ scopes: ['read'] })
      const error = await failureOf(signIn({ scopes: ['read'] }, response, claims))
      expect([error.code, error.correlationId]).toEqual([code, 'c-1'])
      expect(error.hint).toMatch(/\w/)
      expect(accounts.active()).toBe(account)
      expect(await cache.find(toTokenQuery(account, ['read']), platform.now())).toBeDefined()
      expect(await cache.refreshToken(account)).toBeDefined()
      expect(allTextOf(error) + platform.logged.join()).not.toContain('s3cret')
    },
  )

  test('(replayed) matches no pending request', async () => {
    const { start, network, provider } = setUp()
    const { transaction } = await start()
    const response = new URLSearchParams({ state: transaction.state, code: 's3cret-code' })
    await failureOf(network.complete(response))
    expect((await failureOf(network.complete(response))).code).toBe('transaction_not_found')
    expect(provider.tokenRequests).toHaveLength(1)
  })

  test('(late) is expired, and its code is not redeemed', async () => {
    const { start, network, provider, platform } = setUp()
    const { transaction } = await start()
    platform.advance(3_600_000 + 1)
    const response = new URLSearchParams({ state: transaction.state, code: 's3cret-code' })
    const error = await failureOf(network.complete(response))
    expect([error.code, error.correlationId]).toEqual(['transaction_expired', 'c-1'])
    expect(provider.tokenRequests).toEqual([])
  })

  test.each(['', 'unknown'])('(state %j) matches no pending request', async (state) => {
    const { network } = setUp()
    const error = await failureOf(network.complete(new URLSearchParams({ state, code: 'c' })))
    expect(error.code).toBe('transaction_not_found')
  })

  test.each(['https://evil.example/', 'javascript:alert(1)', 'garbage'])(
    '(a stored return URL %s) does not change the page',
    async (returnTo) => {
      const { start, network, store, urls, partition } = setUp()
      const { transaction } = await start()
      const key = transactionRecordKey(partition, transaction.state)
      const record = { key, tags: [], expiresAtMs: 8e15, value: { ...transaction, returnTo } }
      await store.write([{ type: 'put', collection: 'transactions', record }])
      const response = new URLSearchParams({ state: transaction.state, code: 'c' })
      expect((await failureOf(network.complete(response))).code).toBe('transaction_not_found')
      expect(urls).toHaveLength(1)
    },
  )
})
