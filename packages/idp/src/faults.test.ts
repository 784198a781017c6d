import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Fault, FaultRequest } from './index.ts'
import { answerOf, startApp } from './testing/app.ts'

let app: Awaited<ReturnType<typeof startApp>>
beforeAll(async () => {
  app = await startApp({ settings: { consent: 'skip' } })
})
beforeEach(() => app.control.reset())
afterAll(() => app.close())

/** Allows for a slow machine. */
const patience = { timeout: 4000 }

const onToken = (fault: Fault, more: Partial<FaultRequest> = {}) =>
  app.control.addFault({ endpoint: 'token', fault, ...more })
const statuses = async () => (await app.control.stats()).requests.map(({ status }) => status)

test('respond: the app can read the response; count and skip select the requests', async () => {
  const fault: Fault = {
    kind: 'respond',
    status: 503,
    headers: { 'Retry-After': '7' },
    body: { error: 'temporarily_unavailable' },
  }
  const { refresh_token = '' } = await app.signIn()
  await onToken(fault, { count: 2, skip: 1 })

  const first = await app.refresh(refresh_token)
  expect(first.status).toBe(200)
  for (const _ of [1, 2]) {
    const failed = await app.refresh(first.body.refresh_token)
    expect(failed).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } })
    expect(failed.headers.get('retry-after')).toBe('7')
    expect(failed.headers.get('access-control-allow-origin')).toBe('http://localhost:5173')
  }
  expect((await app.refresh(first.body.refresh_token)).status).toBe(200)
})

test('reset: the request fails and is not processed', async () => {
  const { refresh_token } = await app.signIn()
  await onToken({ kind: 'reset' })
  await expect(app.refresh(refresh_token)).rejects.toThrow('fetch failed')
  expect(await statuses()).toContain('reset')
  expect((await app.refresh(refresh_token)).status).toBe(200)
})

test('loseAnswer: the request is processed and the response is lost', async () => {
  const { refresh_token } = await app.signIn()
  await onToken({ kind: 'loseAnswer' })
  await expect(app.refresh(refresh_token)).rejects.toThrow('fetch failed')
  expect((await app.control.issued()).refreshTokens).toHaveLength(2)
  expect((await app.refresh(refresh_token)).body.error).toBe('invalid_grant')
})

test('hang: the response comes after the faults are cleared', async () => {
  const { refresh_token } = await app.signIn()
  await onToken({ kind: 'hang' })
  const held = app.refresh(refresh_token)
  await expect.poll(statuses, patience).toContain('hang')
  await app.control.clearFaults()
  expect((await held).status).toBe(200)

  await onToken({ kind: 'hang' })
  const dropped = app.refresh(refresh_token)
  const refused = expect(dropped).rejects.toThrow('fetch failed')
  await expect.poll(async () => (await app.control.stats()).counts.token, patience).toBe(3)
  await app.control.reset()
  await refused
})

test('a delayed request is processed after its page is closed', async () => {
  const { refresh_token = '' } = await app.signIn()
  await onToken({ kind: 'hang' })
  const page = new AbortController()
  const fields = { grant_type: 'refresh_token', client_id: 'spa', refresh_token }
  const closed = fetch(`${app.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    signal: page.signal,
  })
  await expect.poll(statuses, patience).toContain('hang')
  page.abort()
  await expect(closed).rejects.toThrow('aborted')
  await app.control.clearFaults()
  await expect
    .poll(async () => (await app.control.issued()).refreshTokens, patience)
    .toHaveLength(2)
})

test('drip: the headers come immediately, the body slowly', async () => {
  await app.control.addFault({ endpoint: 'jwks', fault: { kind: 'drip', bytesPerSecond: 8000 } })
  const startMs = performance.now()
  const response = await fetch(`${app.issuer}/jwks`)
  const headersMs = performance.now() - startMs
  const { keys } = (await response.json()) as { keys: unknown[] }
  expect(keys).toHaveLength(2)
  // The body has about 900 bytes and is sent in steps of 0.1 s.
  expect(performance.now() - startMs).toBeGreaterThan(headersMs + 80)
})

test('redirect: a 307 to another address', async () => {
  const location = 'https://elsewhere.test/token'
  await app.control.addFault({ endpoint: 'discovery', fault: { kind: 'redirect', location } })
  const url = `${app.issuer}/.well-known/openid-configuration`
  const response = await fetch(url, { redirect: 'manual' })
  expect(response.status).toBe(307)
  expect(response.headers.get('location')).toBe(location)
})

test('tokenResponse: members are replaced and deleted', async () => {
  await onToken({
    kind: 'tokenResponse',
    set: { expires_in: null, scope: 'other', token_type: 'mac' },
  })
  const tokens = await app.signIn()
  expect(tokens).toMatchObject({ scope: 'other', token_type: 'mac' })
  expect(tokens).not.toHaveProperty('expires_in')
  expect(tokens).toHaveProperty('refresh_token')
})

test('idToken: claims are replaced and signed by the provider', async () => {
  await onToken({ kind: 'idToken', claims: { nonce: 'other', email: null }, alg: 'ES256' })
  const { id_token = '' } = await app.signIn()
  expect(decodeJwt(id_token)).toMatchObject({ nonce: 'other', sub: 'alice', aud: 'spa' })
  expect(decodeJwt(id_token)).not.toHaveProperty('email')
  const { kid, alg } = decodeProtectedHeader(id_token)
  const jwks = await (await fetch(`${app.issuer}/jwks`)).text()
  expect(alg).toBe('ES256')
  expect(jwks).toContain(kid)
})

test('authorizationResponse: parameters change with and without pages', async () => {
  const fault: Fault = {
    kind: 'authorizationResponse',
    set: { iss: 'https://evil.test', code: null, error: 'server_error' },
  }
  await app.control.addFault({ endpoint: 'authorization', count: 2, fault })
  const browser = app.browser()
  const page = await browser.visit(app.authorizationUrl({ response_mode: 'fragment' }))
  const changed = { iss: 'https://evil.test', error: 'server_error', state: 'some-state' }
  const afterPages = await browser.press(page, { action: 'continue', account: 'alice' })
  expect(answerOf(afterPages)).toEqual(changed)
  expect(answerOf(await browser.visit(app.authorizationUrl({ prompt: 'none' })))).toEqual(changed)
  expect(answerOf(await browser.visit(app.authorizationUrl({ prompt: 'none' })))).toMatchObject({
    iss: app.issuer,
    code: expect.any(String),
  })
})

test('preflight requests are not counted and have no faults', async () => {
  await onToken({ kind: 'respond', status: 500, body: '' })
  const preflight = await fetch(`${app.issuer}/token`, { method: 'OPTIONS' })
  expect(preflight.status).toBe(204)
  expect((await app.control.stats()).counts.token).toBe(0)
  expect((await app.refresh('unknown')).status).toBe(500)
})
