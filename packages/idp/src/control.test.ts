import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startApp } from './testing/app.ts'

let app: Awaited<ReturnType<typeof startApp>>
beforeAll(async () => {
  app = await startApp({ settings: { consent: 'skip', accessTokenLifetime: 77 } })
})
beforeEach(() => app.control.reset())
afterAll(() => app.close())

async function call(method: string, path: string, body?: unknown) {
  const response = await fetch(`${app.issuer}/control/${path}`, {
    method,
    headers: { origin: 'http://anywhere.test' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    origin: response.headers.get('access-control-allow-origin'),
    body: text === '' ? undefined : JSON.parse(text),
  }
}

test('settings can be read, changed and reset from any origin', async () => {
  expect(await call('GET', 'settings')).toMatchObject({
    status: 200,
    origin: '*',
    body: { accessTokenLifetime: 77, refreshTokens: 'always', latencyMs: 0 },
  })
  const changed = await call('PATCH', 'settings', { accessTokenLifetime: 5 })
  expect(changed.body).toMatchObject({ accessTokenLifetime: 5, consent: 'skip' })
  expect((await app.signIn()).expires_in).toBe(5)
  expect(await call('POST', 'reset')).toMatchObject({ status: 204, body: undefined })
  expect((await call('GET', 'settings')).body.accessTokenLifetime).toBe(77)
})

test('the error names every wrong field', async () => {
  const settings = await call('PATCH', 'settings', {
    accessTokenLifetime: 0,
    consent: 'x',
    nope: 1,
  })
  expect(settings.status).toBe(400)
  expect(settings.body.problems.map((problem: string) => problem.split(':')[0])).toEqual([
    'accessTokenLifetime',
    'consent',
    'nope',
  ])
  const fault = await call('POST', 'faults', {
    endpoint: 'jwks',
    count: 0,
    fault: { kind: 'idToken', alg: 'HS256' },
  })
  expect(fault.status).toBe(400)
  expect(fault.body.problems.map((problem: string) => problem.split(':')[0])).toEqual([
    'count',
    'fault.alg',
    'fault.claims',
    'endpoint',
  ])
  expect((await call('POST', 'sessions/end', { username: 'nobody' })).status).toBe(400)
  expect((await call('POST', 'grants/forget', { user: 'alice' })).body.problems).toHaveLength(1)
  expect((await call('POST', 'nothing', {})).status).toBe(404)
})

test('requests are counted by endpoint and grant, without secrets', async () => {
  const tokens = await app.signIn({ scope: 'openid mail.read' })
  await app.refresh(tokens.refresh_token)
  await app.api('mail/messages', tokens.access_token)
  const { body: stats } = await call('GET', 'stats')
  expect(stats.counts).toMatchObject({ authorization: 1, token: 2, mail: 1, calendar: 0 })
  expect(stats.tokenGrants).toEqual({ authorization_code: 1, refresh_token: 1 })
  expect(stats.requests).toHaveLength(4)
  expect(stats.requests[0]).toMatchObject({ endpoint: 'authorization', path: '/auth', status: 303 })
  expect(stats.requests[2]).toMatchObject({
    endpoint: 'token',
    method: 'POST',
    grantType: 'refresh_token',
    status: 200,
  })
  expect(JSON.stringify(stats)).not.toContain(tokens.refresh_token)

  await call('POST', 'stats/reset')
  expect((await call('GET', 'stats')).body).toMatchObject({ counts: { token: 0 }, requests: [] })
})

test('the discovery document can be changed', async () => {
  const read = async () =>
    (await fetch(`${app.issuer}/.well-known/openid-configuration`)).json() as Promise<object>
  expect(await read()).toMatchObject({
    issuer: app.issuer,
    authorization_response_iss_parameter_supported: true,
    scopes_supported: expect.arrayContaining(['openid', 'offline_access', 'mail.send']),
  })
  await call('PATCH', 'settings', {
    discovery: { issuer: 'https://other.test', end_session_endpoint: null },
  })
  const changed = await read()
  expect(changed).toMatchObject({ issuer: 'https://other.test', jwks_uri: `${app.issuer}/jwks` })
  expect(changed).not.toHaveProperty('end_session_endpoint')
})

test('latency delays only the named endpoints', async () => {
  await call('PATCH', 'settings', { latencyMs: { jwks: 300 } })
  const startMs = performance.now()
  const slow = fetch(`${app.issuer}/jwks`).then(() => 'jwks')
  const fast = fetch(`${app.issuer}/.well-known/openid-configuration`).then(() => 'discovery')
  expect(await Promise.race([slow, fast])).toBe('discovery')
  await slow
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(299)
})

test('a client can be added over HTTP', async () => {
  const client = { clientId: 'late', redirectUris: ['http://late.localhost:1234/'] }
  expect((await call('POST', 'clients', client)).status).toBe(204)
  const url = app.authorizationUrl({ client_id: 'late', redirect_uri: client.redirectUris[0] })
  expect((await app.browser().visit(url)).text).toContain('<title>Sign in</title>')
  const wrong = await call('POST', 'clients', { clientId: '', redirectUris: ['here'] })
  expect(wrong.body.problems).toHaveLength(3)
})
