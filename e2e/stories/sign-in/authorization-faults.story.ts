import type { FaultRequest } from '@carnet/idp'
import type { App } from '../../steps/app.ts'
import { expect, story } from '../../world.ts'

/** Signs Alice in again while a fault is active. */
async function signsInAgain(app: App, options: { requestTimeoutMs?: number } = {}) {
  await app.starts(options)
  await app.leavesBy('signIn', { scopes: ['calendar.read'] })
  await app.page.waitForURL(/#.*(?:state|code)=/)
  return app.starts(options)
}

async function keepsHerSession(app: App): Promise<void> {
  expect((await app.starts()).answer?.username).toBe('alice@example.com')
  expect((await app.asks(['calendar.read'])).answer?.fromCache).toBe(true)
}

async function keepsNoSecretIn(app: App, error: unknown): Promise<void> {
  const { codes, accessTokens, refreshTokens, idTokens } = await app.idp.control.issued()
  for (const secret of [...codes, ...accessTokens, ...refreshTokens, ...idTokens])
    expect(JSON.stringify(error)).not.toContain(secret)
}

const token = (fault: FaultRequest['fault']): FaultRequest => ({ endpoint: 'token', fault })
const idToken = (claims: Record<string, string | number | null>) =>
  token({ kind: 'idToken', claims })
const response = (set: Record<string, string | null>): FaultRequest => ({
  endpoint: 'authorization',
  fault: { kind: 'authorizationResponse', set },
})

const HTML = '<!doctype html><h1>Down for maintenance</h1>'

const faults: readonly [what: string, fault: FaultRequest, code: string][] = [
  [
    'the ID token names another issuer',
    idToken({ iss: 'https://evil.example' }),
    'invalid_id_token',
  ],
  ['the ID token is for another client', idToken({ aud: 'other' }), 'invalid_id_token'],
  ['the ID token belongs to another request', idToken({ nonce: 'other' }), 'invalid_id_token'],
  ['the ID token has no nonce', idToken({ nonce: null }), 'invalid_id_token'],
  ['the ID token has expired', idToken({ exp: 1_000_000 }), 'invalid_id_token'],
  ['the ID token has no subject', idToken({ sub: null }), 'invalid_id_token'],
  ['the ID token has a number for a subject', idToken({ sub: 7 }), 'invalid_id_token'],
  [
    'the response has no ID token',
    token({ kind: 'tokenResponse', set: { id_token: null } }),
    'invalid_response',
  ],
  [
    'the token has an unknown type',
    token({ kind: 'tokenResponse', set: { token_type: 'mac' } }),
    'invalid_response',
  ],
  [
    'the response has no access token',
    token({ kind: 'tokenResponse', set: { access_token: null } }),
    'invalid_response',
  ],
  [
    'the code is refused',
    token({ kind: 'respond', status: 400, body: { error: 'invalid_grant' } }),
    'token_request_failed',
  ],
  [
    'the client is refused',
    token({ kind: 'respond', status: 401, body: { error: 'invalid_client' } }),
    'token_request_failed',
  ],
  ['the token endpoint fails', token({ kind: 'respond', status: 500, body: HTML }), 'server_error'],
  [
    'the token endpoint responds with a page',
    token({ kind: 'respond', status: 200, headers: { 'content-type': 'text/html' }, body: HTML }),
    'intermediary_answered',
  ],
  [
    'the token endpoint redirects',
    token({ kind: 'redirect', location: 'http://127.0.0.1:9/token' }),
    'intermediary_answered',
  ],
  ['the connection breaks', token({ kind: 'reset' }), 'network_error'],
  ['the token endpoint never responds', token({ kind: 'hang' }), 'timeout'],
  ['the response arrives byte by byte', token({ kind: 'drip', bytesPerSecond: 2 }), 'timeout'],
  [
    'the response comes from another issuer',
    response({ iss: 'https://evil.example' }),
    'issuer_identification_failed',
  ],
  ['the response names no issuer', response({ iss: null }), 'issuer_identification_failed'],
  ['the response has no state', response({ state: null }), 'unusable_response'],
  [
    'consent is needed',
    response({ code: null, error: 'consent_required' }),
    'interaction_required',
  ],
  [
    'the request is invalid',
    response({ code: null, error: 'invalid_request' }),
    'authorization_failed',
  ],
  [
    'the provider is overloaded',
    response({ code: null, error: 'temporarily_unavailable' }),
    'server_error',
  ],
]

for (const [what, fault, code] of faults) {
  story(`If ${what}, the sign-in fails and Alice keeps her session`, async ({ app }) => {
    await app.idp.control.changeSettings({ consent: 'skip' })
    await app.isSignedIn({ scopes: ['calendar.read'] })
    await app.idp.control.addFault(fault)

    const { error } = await signsInAgain(app, { requestTimeoutMs: 1000 })
    expect(error).toMatchObject({ code })
    expect(error?.hint).not.toBe('')
    expect(app.page.url()).not.toMatch(/state=|code=/)
    await keepsNoSecretIn(app, error)
    await keepsHerSession(app)
  })
}

story('A token without `expires_in` is used for five minutes', async ({ app }) => {
  await app.idp.control.addFault(token({ kind: 'tokenResponse', set: { expires_in: null } }))
  await app.isSignedIn({ scopes: ['calendar.read'] })
  expect((await app.asks(['calendar.read'])).answer?.fromCache).toBe(true)
  await app.starts({ clockAheadMs: 5 * 60_000 })
  expect((await app.asks(['calendar.read'])).answer?.fromCache).toBe(false)
})

story('A replayed response is refused and changes nothing', async ({ app }) => {
  await app.idp.control.changeSettings({ consent: 'skip' })
  await app.starts()
  await app.leavesBy('signIn', { scopes: ['calendar.read'] })
  await app.signsInAtProvider()
  const replayed = app.page.url()
  await app.starts()

  await app.page.goto('about:blank')
  await app.page.goto(replayed)
  const { error } = await app.starts()
  expect(error).toMatchObject({ code: 'transaction_not_found' })
  expect((await app.requests()).authorization_code).toBe(1)
  await keepsHerSession(app)
})

story('The client ignores the response of another library', async ({ app }) => {
  const foreign = `${app.page.url()}?code=abc&state=github`
  await app.page.goto(foreign)
  expect((await app.starts()).error).toBeUndefined()
  expect(app.page.url()).toBe(foreign)
})
