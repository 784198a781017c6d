import { expect, test } from 'vitest'
import { ORIGIN as origin, BFF_SCOPES as scopes, startBff } from '../testing/bff.ts'
import { serve } from '../testing/device-provider.ts'
import { useWebApp } from '../testing/web-app.ts'

const { oidc } = useWebApp()

const setUp = (options = {}) => startBff(oidc, options)

test('streams bodies, and passes neither cookies nor headers of the connection', async () => {
  const seen: Record<string, unknown>[] = []
  const upstream = await serve((request, response) => {
    seen.push(request.headers)
    response.writeHead(200, {
      'set-cookie': 'tracking=1',
      'access-control-allow-origin': '*',
      'x-api': 'yes',
    })
    request.pipe(response)
  })
  const { visit, signIn } = await setUp({
    proxy: { '/own/': `${upstream.url}/v1/` },
    resources: { [`${upstream.url}/v1`]: scopes },
  })
  await signIn()
  const body = 'x'.repeat(100_000)
  const headers = { 'content-type': 'text/plain', 'x-forwarded-for': '1.2.3.4', dpop: 'x' }
  const answer = await visit('/own/items?a=1', { method: 'POST', body, headers })
  expect(await answer.text()).toBe(body)
  expect(answer.headers.get('x-api')).toBe('yes')
  expect(answer.headers.get('set-cookie')).toBeNull()
  expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  expect(seen[0]).toMatchObject({ authorization: expect.stringMatching(/^Bearer ey/) })
  for (const name of ['cookie', 'x-forwarded-for', 'sec-fetch-site', 'dpop'])
    expect(seen[0]).not.toHaveProperty(name)
  upstream.close()
})

test('calls only URLs of the map, by whole segments and plain paths', async () => {
  const { visit, signIn } = await setUp()
  await signIn()
  for (const path of [
    '/api/mail/messages',
    '/api/calendarx',
    '/api/calendar/..%2fmail/messages',
    '/api/calendar%2f..%2fmail',
    '/api/',
  ])
    expect((await visit(path)).status, path).toBe(404)
  expect((await visit('/elsewhere')).status).toBe(404)
})

test('renews a token that the API refuses, and follows no redirect', async () => {
  const { visit, signIn } = await setUp({
    resources: { [`${oidc.idp.issuer}/api`]: scopes },
  })
  await signIn()
  await oidc.idp.control.revokeAccessTokens()
  expect((await visit('/api/calendar/events')).status).toBe(200)
  const moved = await visit('/api/redirect/307?to=other')
  expect(moved.status).toBe(307)
  expect((await oidc.idp.control.otherOrigin()).requests).toBe(0)
})

test('turns a claims challenge into a new sign-in', async () => {
  const { visit, signIn } = await setUp()
  await signIn()
  const claims = JSON.stringify({ access_token: { acrs: { essential: true, value: 'c1' } } })
  const asked = `/api/claims?${new URLSearchParams({ claims })}`
  const refused = await visit(asked)
  expect(refused.status).toBe(401)
  const { error, loginUrl } = await refused.json()
  expect(error).toBe('interaction_required')
  expect(JSON.parse(new URL(loginUrl, origin).searchParams.get('claims') ?? '')).toEqual(
    JSON.parse(claims),
  )
  await signIn(loginUrl)
  expect((await visit(asked)).status).toBe(200)
})

test('turns a missing scope and a weak sign-in into a new sign-in', async () => {
  const { visit, signIn } = await setUp({
    scopes: ['calendar.read'],
    resources: {
      [`${oidc.idp.issuer}/api/echo`]: ['calendar.read'],
      [`${oidc.idp.issuer}/api/step-up`]: ['calendar.read'],
      [`${oidc.idp.issuer}/api/mail`]: ['mail.read'],
    },
  })
  await signIn()
  const asked = async (path: string, reason: string) => {
    const refused = await visit(path)
    const body = await refused.json()
    expect([refused.status, body]).toMatchObject([401, { error: 'interaction_required', reason }])
    return body.loginUrl as string
  }
  const echo = '/api/echo?scope=mail.read'
  const missing = await asked(echo, 'scope')
  expect(missing).toBe('/login?scope=mail.read')
  await signIn(missing)
  expect((await visit(echo)).status).toBe(200)

  const weak = await asked('/api/step-up?acr_values=mfa&max_age=300', 'step_up')
  expect(weak).toBe('/login?acr_values=mfa&max_age=300')

  // The options do not name this scope: a sign-in would not help.
  expect((await visit('/api/echo?scope=mail.send')).status).toBe(403)
  const { headers } = await visit('/login?scope=mail.send%20mail.read&acr_values=mfa&max_age=300')
  const sent = new URL(headers.get('location') ?? '').searchParams
  expect(sent.get('scope')?.split(' ')).toContain('mail.read')
  expect(sent.get('scope')).not.toContain('mail.send')
  expect([sent.get('acr_values'), sent.get('max_age')]).toEqual(['mfa', '300'])
})

test.each([
  ['the refresh token was revoked', { code: 401, error: 'interaction_required' }],
  ['the provider is down', { code: 503, error: 'server_error' }],
])('answers when %s', async (what, { code, error }) => {
  const { clock, visit, signIn } = await setUp({ idleTimeoutMs: 86_400_000 })
  await signIn()
  clock.advance(2 * 3_600_000)
  if (what.includes('revoked')) await oidc.idp.control.revokeRefreshTokens()
  else
    await oidc.idp.control.addFault({
      endpoint: 'token',
      count: 9,
      fault: { kind: 'respond', status: 500 },
    })
  const answer = await visit('/api/calendar/events')
  expect(answer.status).toBe(code)
  expect(await answer.json()).toMatchObject({ error })
})

test('answers 502 if the API is unreachable or silent', async () => {
  const silent = await serve(() => undefined)
  const { visit, signIn } = await setUp({
    proxy: { '/silent/': `${silent.url}/`, '/none/': 'http://127.0.0.1:9/' },
    resources: { [silent.url]: scopes, 'http://127.0.0.1:9': scopes },
    proxyTimeoutMs: 100,
  })
  await signIn()
  for (const path of ['/silent/x', '/none/x']) expect((await visit(path)).status).toBe(502)
  silent.close()
})

test('proves tokens that are bound to a key, and answers the nonces of the API', async () => {
  await oidc.idp.control.changeSettings({ apiNonces: 'once' })
  const bound: typeof oidc = {
    idp: oidc.idp,
    options: oidc.options,
    create: (more) => oidc.create({ ...more, dpop: true }),
  }
  const { visit, signIn } = await startBff(bound)
  await signIn()
  const headers = { 'content-type': 'text/plain', 'content-length': '5' }
  const posted = await visit('/api/echo', { method: 'POST', body: 'hello', headers })
  expect(await posted.json()).toMatchObject({ scheme: 'DPoP', dpop: true, bytes: 5 })
  expect(await (await visit('/api/echo')).json()).toMatchObject({ scheme: 'DPoP' })
  expect(posted.headers.has('dpop-nonce')).toBe(false)
})
