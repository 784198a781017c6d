import { AuthError, InteractionRequiredError } from '@carnet/browser'
import { describe, expect, test, vi } from 'vitest'
import { MetadataService } from '../metadata-service.ts'
import { ErrorResponse, ErrorTimeout } from '../values/errors.ts'
import { OidcClientSettingsStore, UserManagerSettingsStore } from '../values/settings.ts'
import { InMemoryWebStorage, WebStorageStateStore } from '../values/stores.ts'
import { clientOptions } from './client-options.ts'
import { requestOf } from './requests.ts'
import { fromAppState, kindOfState, toAppState } from './sent-state.ts'
import { toOidcError } from './to-oidc-error.ts'

const GIVEN = {
  authority: 'https://login.example.com',
  client_id: 'spa',
  redirect_uri: 'https://app.example.com/callback',
}
const settingsOf = (more: object = {}) => new UserManagerSettingsStore({ ...GIVEN, ...more })

describe('an error of Carnet becomes', () => {
  const oauth = { error: 'access_denied', description: 'No.', uri: 'https://e.example' }

  test('an ErrorResponse with the states of the request, if the provider answered', () => {
    const failure = new AuthError('access_denied', 'refused', { oauth })
    failure.state = toAppState({ data: { a: 1 }, url_state: 'u' })
    const error = toOidcError(failure)
    expect(error).toBeInstanceOf(ErrorResponse)
    expect(error).toMatchObject({
      ...{ error: 'access_denied', message: 'No.', error_uri: 'https://e.example' },
      ...{ state: { a: 1 }, url_state: 'u', cause: failure },
    })
  })

  test('an ErrorTimeout, if a hidden iframe gave no answer', () => {
    for (const code of ['iframe_timeout', 'iframe_refused', 'redirect_page_unusable'] as const)
      expect(toOidcError(new AuthError(code, 'late'))).toBeInstanceOf(ErrorTimeout)
  })

  test.each([
    ['transaction_not_found', 'No matching state found in storage'],
    ['transaction_expired', 'No matching state found in storage'],
    ['user_cancelled', 'Popup closed by user'],
    ['end_session_unsupported', 'No end session endpoint'],
    ['invalid_id_token', 'the message of Carnet'],
  ] as const)('for %s an error with the text that apps compare', (code, text) => {
    const failure = new AuthError(code, 'the message of Carnet')
    expect(toOidcError(failure)).toMatchObject({ name: 'Error', message: text, cause: failure })
  })

  test('the error of `fetch`, if there is no network', () => {
    const cause = new TypeError('Failed to fetch')
    expect(toOidcError(new AuthError('network_error', 'gone', { cause }))).toBe(cause)
  })

  test('a response by its reason, if the user is needed', () => {
    const needed = (reason: 'login' | 'consent' | 'refresh_token_expired') =>
      toOidcError(new InteractionRequiredError(reason, 'Ask the user.', { scopes: [] }))
    expect(needed('login')).toMatchObject({ name: 'ErrorResponse', error: 'login_required' })
    expect(needed('consent')).toMatchObject({ error: 'consent_required' })
    expect(needed('refresh_token_expired')).toMatchObject({ error: 'invalid_grant' })
  })

  test('itself, if it is of the app', () => {
    const own = new Error('of a listener')
    expect(toOidcError(own)).toBe(own)
  })
})

describe('the request of a sign-in', () => {
  test('has the settings, unless the call overrides them', () => {
    const settings = settingsOf({
      scope: 'openid mail',
      prompt: 'login',
      max_age: 60,
      resource: 'r',
    })
    expect(requestOf({}, settings)).toMatchObject({
      ...{ scopes: ['openid', 'mail'], prompt: 'login', maxAgeMs: 60_000, resource: 'r' },
      ...{ returnTo: false, activates: true, extraParameters: undefined },
    })
    expect(requestOf({ scope: 'openid', prompt: 'none' }, settings)).toMatchObject({
      ...{ scopes: ['openid'], prompt: 'none' },
    })
  })

  test('passes parameters on as texts, and knows the fields of Carnet', () => {
    const extraQueryParams = {
      ...{ organization: 'blue', level: 2, login_hint: 'alice', claims: '{}', max_age: 5 },
    }
    expect(requestOf({ extraQueryParams, acr_values: 'mfa' }, settingsOf())).toMatchObject({
      ...{ loginHint: 'alice', claims: '{}', maxAgeMs: 5_000 },
      extraParameters: { acr_values: 'mfa', organization: 'blue', level: '2' },
    })
  })

  test('has arguments without a type, so that Carnet sends or refuses them', () => {
    const args = { id_token_hint: 'h', request: 'r' }
    expect(requestOf(args as object, settingsOf()).extraParameters).toEqual(args)
  })

  test('has one resource, and refuses several by their name', () => {
    expect(requestOf({ resource: ['r'] }, settingsOf()).resource).toBe('r')
    expect(() => requestOf({ resource: ['r', 's'] }, settingsOf())).toThrow('`resource`')
  })

  test('has the nonce of the app, also if it is among the further parameters', () => {
    const nonce = 'computed-by-a-server'
    for (const args of [{ nonce }, { extraQueryParams: { nonce } }])
      expect(requestOf(args, settingsOf())).toMatchObject({ nonce, extraParameters: undefined })
    expect(requestOf({}, settingsOf()).nonce).toBeUndefined()
  })

  test('has the further parameters of the token request, which a call replaces', () => {
    const settings = settingsOf({ extraTokenParams: { device: 'desk', level: 2 } })
    expect(requestOf({}, settings).tokenParameters).toEqual({ device: 'desk', level: '2' })
    const asked = requestOf({ extraTokenParams: { device: 'lap' } }, settings)
    expect(asked.tokenParameters).toEqual({ device: 'lap' })
    expect(fromAppState(asked.state).terms?.tokenParameters).toEqual({ device: 'lap' })
  })

  test('takes its states and its terms to the response', () => {
    const { state } = requestOf({ state: [1], url_state: 'u' }, settingsOf({ scope: 'openid x' }))
    expect(fromAppState(state)).toEqual({
      ...{ data: [1], url_state: 'u', terms: { scopes: ['openid', 'x'] } },
    })
    expect(kindOfState('carnet-0123abcd-r.id')).toBe('redirect')
    expect(kindOfState('0123456789abcdef0123456789abcdef')).toBeUndefined()
  })
})

describe('the options of the client', () => {
  test('leave the response to the app, and renew nothing by themselves', () => {
    expect(clientOptions(settingsOf())).toMatchObject({
      ...{ clientId: 'spa', authority: GIVEN.authority, response: 'leave', responseMode: 'query' },
      ...{ renewal: { enabled: false }, defaultScopes: [], metadataUrl: undefined },
      silent: { redirectUri: GIVEN.redirect_uri, timeoutMs: 10_000 },
    })
  })

  test('keep the user as long as the store of the app does', () => {
    const store = new InMemoryWebStorage()
    const location = (userStore: object) => clientOptions(settingsOf({ userStore })).cache?.location
    expect(location(new WebStorageStateStore({ store }))).toBe('memory')
    expect(location({ get: async () => null })).toBe('session')
    const client = clientOptions(new OidcClientSettingsStore(GIVEN) as UserManagerSettingsStore)
    expect(client.cache?.location).toBe('memory')
  })

  test('name another issuer and another discovery document, if the app does', () => {
    const issuer = 'https://issuer.example.com'
    expect(clientOptions(settingsOf({ metadataSeed: { issuer } }))).toMatchObject({
      ...{ issuer, metadata: { issuer } },
    })
    const metadata = { token_endpoint: 'https://t.example.com' }
    expect(
      clientOptions(settingsOf({ metadata, metadataUrl: 'https://m.example.com' })),
    ).toMatchObject({
      metadata: { issuer: GIVEN.authority, ...metadata },
      metadataUrl: 'https://m.example.com',
    })
  })

  test('give headers with fixed values to Carnet, so that a worker can send them too', () => {
    const headers = { 'x-app': 'desk', Accept: 'text/html', 'x-empty': '' }
    const { requestHeaders, fetch } = clientOptions(settingsOf({ extraHeaders: headers }))
    expect({ requestHeaders, fetch }).toEqual({ requestHeaders: { 'x-app': 'desk' } })
    expect(clientOptions(settingsOf())).toMatchObject({
      ...{ requestHeaders: undefined, fetch: undefined },
    })
  })

  test('compute headers of functions for each request, and keep those of the protocol', async () => {
    const seen: unknown[] = []
    vi.stubGlobal('fetch', async ({ headers }: Request) => {
      seen.push([headers.get('x-app'), headers.get('authorization'), headers.get('content-type')])
      return new Response()
    })
    const extraHeaders = {
      'x-app': () => `call ${seen.length}`,
      'x-none': () => '',
      authorization: 'Basic own',
      'Content-Type': 'text/plain',
    }
    const { fetch: send, requestHeaders } = clientOptions(settingsOf({ extraHeaders }))
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const url = 'https://login.example.com/token'
    await send?.(url, { method: 'POST', body: 'a=b', headers: form })
    await send?.(url, { headers: { authorization: 'Bearer token' } })
    vi.unstubAllGlobals()
    expect(seen).toEqual([
      ['call 0', 'Basic own', form['content-type']],
      ['call 1', 'Bearer token', null],
    ])
    expect(requestHeaders).toBeUndefined()
  })
})

test('the metadata service sends the headers of the app too', async () => {
  const seen: unknown[] = []
  vi.stubGlobal('fetch', async (_: string, { headers }: RequestInit) => {
    seen.push(headers)
    return Response.json({ issuer: GIVEN.authority })
  })
  const service = new MetadataService(settingsOf({ extraHeaders: { 'x-app': () => 'desk' } }))
  expect(await service.getIssuer()).toBe(GIVEN.authority)
  vi.unstubAllGlobals()
  expect(seen).toEqual([[['x-app', 'desk']]])
})
