import { AuthError, InteractionRequiredError, isAuthError } from '@carnet/core'
import { jsonResponse } from '@carnet/core/fakes'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFacelessClient } from '../../testing/faceless-client.ts'
import { secondAttempt } from './second-attempt.ts'
import type { Transaction } from './transactions.ts'

const DEFAULTS = ['profile', 'offline_access']

const transaction = (changes: Partial<Transaction> = {}): Transaction => ({
  state: 'carnet-00000000-r.1',
  kind: 'redirect',
  codeVerifier: 's3cret',
  nonce: 's3cret',
  redirectUri: 'https://app.example/',
  authority: 'https://idp.example',
  scopes: ['openid', ...DEFAULTS, 'api'],
  tokenScopes: ['openid', ...DEFAULTS, 'api'],
  returnTo: 'https://app.example/',
  correlationId: 'c',
  startedAtMs: 0,
  added: DEFAULTS,
  parameters: {},
  ...changes,
})

const failure = (error: string, description?: string, code = 'authorization_failed') => {
  const oauth = { error, ...(description === undefined ? {} : { description }) }
  return new AuthError(code as 'authorization_failed', 'refused', { oauth })
}
const without = (error: unknown, changes: Partial<Transaction> = {}) =>
  secondAttempt(error, transaction(changes))?.without

describe('the scopes of a refusal', () => {
  test.each([
    ['a bare invalid_scope', 'invalid_scope', undefined, DEFAULTS],
    [
      'an invalid_scope that names a default scope',
      'invalid_scope',
      'Not allowed: offline_access',
      ['offline_access'],
    ],
    [
      'the invalid_scope of Hydra',
      'invalid_scope',
      "The OAuth 2.0 Client is not allowed to request scope 'offline_access'.",
      ['offline_access'],
    ],
    [
      'the invalid_scope of Keycloak with all scopes',
      'invalid_scope',
      'Invalid scopes: openid profile offline_access api',
      DEFAULTS,
    ],
    [
      'the error of Keycloak for users without the role',
      'not_allowed',
      'Offline tokens not allowed for the user or client',
      ['offline_access'],
    ],
    [
      'another error that names offline_access',
      'unauthorized_client',
      'client may not use offline_access',
      ['offline_access'],
    ],
    ['another error', 'unauthorized_client', 'the profile of the client is incomplete', undefined],
    ['an unknown redirect URI', 'invalid_request', undefined, undefined],
  ])('%s', (_what, error, description, expected) => {
    expect(without(failure(error, description))).toEqual(expected)
    expect(without(failure(error, description, 'token_request_failed'))).toEqual(expected)
  })

  test('a user who declines is not asked again', () => {
    const declined = failure('access_denied', 'offline_access was denied', 'access_denied')
    expect(without(declined)).toBeUndefined()
    const consent = new InteractionRequiredError(
      'consent',
      'm',
      { scopes: [] },
      { oauth: failure('x').oauth },
    )
    expect(without(consent)).toBeUndefined()
  })

  test('scopes of an earlier grant go first, and the defaults after them', () => {
    const added = [...DEFAULTS, 'old']
    expect(without(failure('invalid_scope'), { added })).toEqual(['old'])
    expect(without(failure('invalid_scope'), { attempts: ['repeated'] })).toEqual(DEFAULTS)
  })

  test('a transaction of an earlier version, an error of Carnet and a failure of the provider cause no second attempt', () => {
    const scopes = failure('invalid_scope')
    expect(secondAttempt(scopes, transaction({ parameters: undefined }))).toBeUndefined()
    expect(without(new AuthError('invalid_response', 'x'))).toBeUndefined()
    expect(without(failure('server_error', 'offline_access', 'server_error'))).toBeUndefined()
    expect(without(failure('temporarily_unavailable', 'down', 'server_error'))).toBeUndefined()
  })
})

test.each([
  ['temporarily_unavailable', 'authentication_expired'],
  ['authentication_expired', undefined],
])('%s (%s): the request is sent once more without a change', (error, description) => {
  const expired = failure(error, description, 'server_error')
  expect(secondAttempt(expired, transaction())).toEqual({ reason: 'expired', without: [] })
  expect(secondAttempt(expired, transaction({ attempts: ['expired'] }))).toBeUndefined()
})

test('for every response the attempts end, and no scope of the app is dropped', async () => {
  const words = fc.constantFrom('offline_access', 'profile', 'api', 'old', 'offline tokens', 'no')
  const errors = fc.constantFrom(
    'invalid_scope',
    'temporarily_unavailable',
    'authentication_expired',
    'not_allowed',
    'access_denied',
    'login_required',
  )
  const descriptions = fc.oneof(
    fc.constant('authentication_expired'),
    fc.array(words, { maxLength: 4 }).map((all) => all.join(' ')),
  )
  const answers = fc.infiniteStream(fc.tuple(errors, descriptions))
  await fc.assert(
    fc.asyncProperty(answers, fc.subarray([...DEFAULTS, 'api']), async (stream, scopes) => {
      const { interact, start, outcome } = createFacelessClient('oidc')
      const { result } = await interact({ scopes: ['old'] })
      let { transaction: pending } = await start({ addsTo: result.account, scopes })
      const answer = () => {
        const { value } = stream.next()
        const [error = '', error_description = ''] = value ?? []
        return new URLSearchParams({ state: pending.state, error, error_description })
      }
      let requests = 1
      for (;;) {
        const told = await outcome(answer(), { held: pending }).catch((error: unknown) => error)
        if (told instanceof Error) {
          expect(isAuthError(told)).toBe(true)
          return
        }
        const { again } = told as Awaited<ReturnType<typeof outcome>>
        if (!again) return
        pending = again.transaction
        requests += 1
        expect(requests).toBeLessThanOrEqual(4)
        const sent = new URL(again.url).searchParams.get('scope')?.split(' ')
        expect(sent).toEqual(expect.arrayContaining(['openid', ...scopes]))
      }
    }),
    { numRuns: 60 },
  )
})

describe('the memory of a refusal', () => {
  /** Signs in at a provider that refuses `offline_access`; returns the scopes of each request. */
  function setUp() {
    const { start, outcome, provider, platform } = createFacelessClient('oidc')
    async function signIn(scopes: readonly string[] = ['api']) {
      const sent: string[] = []
      let started = await start({ scopes })
      for (;;) {
        const { state, nonce } = started.transaction
        const scope = new URL(started.url).searchParams.get('scope') ?? ''
        sent.push(scope)
        const isRefused = scope.includes('offline_access')
        const answer = isRefused ? { error: 'invalid_scope' } : { code: 'c' }
        provider.onToken = () =>
          jsonResponse(provider.tokens({ id_token: provider.idToken({ nonce }), scope }))
        const response = new URLSearchParams({ state, ...answer })
        const told = await outcome(response, { held: started.transaction })
        if (!told.again) return sent
        started = told.again
      }
    }
    return { signIn, platform, provider }
  }

  test('the next sign-in does not fail first', async () => {
    const { signIn } = setUp()
    expect(await signIn()).toEqual(['api offline_access openid profile', 'api openid'])
    expect(await signIn()).toEqual(['api openid'])
  })

  test('an app that requests the scope itself gets the refusal', async () => {
    const { signIn } = setUp()
    await signIn()
    await expect(signIn(['api', 'offline_access'])).rejects.toMatchObject({
      oauth: { error: 'invalid_scope' },
    })
  })

  test('it ends after 30 days', async () => {
    const { signIn, platform } = setUp()
    await signIn()
    platform.advance(30 * 24 * 3_600_000)
    expect(await signIn()).toHaveLength(2)
  })

  test('it ends when the provider lists other scopes', async () => {
    const { signIn, platform, provider } = setUp()
    await signIn()
    const scopes_supported = ['openid', 'profile', 'offline_access', 'api', 'new']
    provider.onDiscovery = () => jsonResponse({ ...provider.metadata, scopes_supported })
    // The newer document is fetched in the background.
    platform.advance(25 * 3_600_000)
    await signIn()
    await expect.poll(() => signIn().then(({ length }) => length)).toBe(2)
  })
})

test('a second attempt by redirect counts for the loop breaker', async () => {
  const { start, outcome } = createFacelessClient('oidc')
  const { transaction: first } = await start({ scopes: ['api'] })
  // Without `held` the response came to this page by redirect.
  const refusal = new URLSearchParams({ state: first.state, error: 'invalid_scope' })
  const { again } = await outcome(refusal)
  expect(again?.transaction.kind).toBe('redirect')
  expect(again?.transaction.state).toMatch(/-r\.[^.]+\.1\.[0-9a-z]+$/)
})

test('a sign-in page that expires twice has its own error code', async () => {
  const { start, outcome } = createFacelessClient('oidc')
  const { transaction: first } = await start({ scopes: ['api'] })
  const answer = (state: string) =>
    new URLSearchParams({
      state,
      error: 'temporarily_unavailable',
      error_description: 'authentication_expired',
    })
  const { again } = await outcome(answer(first.state), { held: first })
  if (!again) return expect.fail('It was not sent again.')
  expect(again.transaction.state).not.toBe(first.state)
  expect(again.transaction.nonce).not.toBe(first.nonce)
  await expect(
    outcome(answer(again.transaction.state), { held: again.transaction }),
  ).rejects.toMatchObject({ code: 'authentication_expired', correlationId: 'c' })
})
