import { createHash, randomBytes } from 'node:crypto'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { answerOf, startApp } from './testing/app.ts'

let app: Awaited<ReturnType<typeof startApp>>
beforeAll(async () => {
  app = await startApp({ settings: { consent: 'skip' } })
})
beforeEach(() => app.control.reset())
afterAll(() => app.close())

const scope = 'openid calendar.read'
const challengeOf = (response: Response) => response.headers.get('www-authenticate') ?? ''

test('an echo returns the SHA-256 of the body of any method', async () => {
  const { access_token } = await app.signIn({ scope })
  const body = randomBytes(3 * 1024 * 1024)
  const echoed = await app.api('echo', access_token, { method: 'PUT', body })
  expect(await echoed.json()).toMatchObject({
    method: 'PUT',
    bytes: body.length,
    sha256: createHash('sha256').update(body).digest('hex'),
    scheme: 'Bearer',
    sub: 'alice',
  })
  expect((await app.api('echo')).status).toBe(401)
  expect((await app.api('public/echo')).status).toBe(200)
})

test('a streamed upload arrives completely', async () => {
  const { access_token } = await app.signIn({ scope })
  const chunk = new Uint8Array(64 * 1024).fill(7)
  let left = 48
  const body = new ReadableStream({
    pull(controller) {
      if (left === 0) controller.close()
      else controller.enqueue(chunk)
      left -= 1
    },
  })
  const echoed = await app.api('echo', access_token, {
    method: 'POST',
    body,
    duplex: 'half',
  } as RequestInit)
  expect(await echoed.json()).toMatchObject({ bytes: 48 * 64 * 1024 })
})

test('after a revocation the APIs refuse old tokens, and accept new tokens', async () => {
  const { access_token, refresh_token } = await app.signIn({ scope })
  expect(await app.control.revokeAccessTokens({ username: 'bob' })).toEqual({ ended: 0 })
  expect((await app.api('calendar/events', access_token)).status).toBe(200)
  expect(await app.control.revokeAccessTokens({ username: 'alice' })).toEqual({ ended: 1 })
  const refused = await app.api('calendar/events', access_token)
  expect(refused.status).toBe(401)
  expect(challengeOf(refused)).toContain('error="invalid_token"')

  const renewed = await app.refresh(refresh_token)
  expect((await app.api('calendar/events', renewed.body.access_token)).status).toBe(200)

  await app.control.changeSettings({ revokedTokens: 'insufficient_claims' })
  const challenged = challengeOf(await app.api('echo', access_token))
  expect(challenged).toContain('error="insufficient_claims"')
  expect(claimsIn(challenged)).toMatchObject({ access_token: { nbf: { essential: true } } })
})

test('a claims challenge is met by a refresh or a sign-in with its claims', async () => {
  const { access_token, refresh_token } = await app.signIn({ scope })
  const refused = await app.api('claims', access_token)
  expect(refused.status).toBe(401)
  const claims = claimsIn(challengeOf(refused))
  expect(claims).toEqual({ access_token: { acrs: { essential: true, value: 'c1' } } })

  const renewed = await app.refresh(refresh_token, { claims: JSON.stringify(claims) })
  expect((await app.api('claims', renewed.body.access_token)).status).toBe(200)
  const signedIn = await app.signIn({ scope, claims: JSON.stringify(claims) })
  expect((await app.api('claims', signedIn.access_token)).status).toBe(200)

  const asJson = challengeOf(await app.api('claims?encoding=json', access_token))
  expect(asJson).toContain('claims="{\\"access_token\\":')
})

test('a step-up challenge is met by acr_values and max_age', async () => {
  const browser = app.browser()
  const { access_token } = await app.signIn({ scope }, { browser })
  const refused = await app.api('step-up?acr_values=mfa&max_age=100', access_token)
  expect(refused.status).toBe(401)
  expect(challengeOf(refused)).toMatch(
    /error="insufficient_user_authentication", .*acr_values="mfa", max_age="100"$/,
  )

  const silent = await browser.visit(
    app.authorizationUrl({ scope, acr_values: 'mfa', prompt: 'none' }),
  )
  expect(answerOf(silent)).toMatchObject({ error: 'interaction_required' })

  const page = await browser.visit(app.authorizationUrl({ scope, acr_values: 'mfa' }))
  expect(page.text).toContain('second factor of alice')
  const approved = await browser.press(page, { action: 'approve', account: 'alice' })
  const strong = (await app.redeem(answerOf(approved).code ?? '')).body
  expect(decodeJwt(strong.id_token ?? '')).toMatchObject({ acr: 'mfa' })
  expect((await app.api('step-up?acr_values=mfa&max_age=100', strong.access_token)).status).toBe(
    200,
  )
  const kept = await app.refresh(strong.refresh_token)
  expect((await app.api('step-up', kept.body.access_token)).status).toBe(200)

  await new Promise((resolve) => setTimeout(resolve, 1100))
  const old = await app.api('step-up?max_age=0', strong.access_token)
  expect(challengeOf(old)).toContain('max_age="0"')
  const again = await browser.visit(app.authorizationUrl({ scope, max_age: '0' }))
  expect(again.text).toContain('value="continue"')
})

test('highestAcr leaves a step-up unmet, and an essential context ends with an error', async () => {
  await app.control.changeSettings({ highestAcr: 'pwd' })
  const browser = app.browser()
  await app.signIn({ scope }, { browser })
  const weak = await browser.visit(app.authorizationUrl({ scope, acr_values: 'mfa' }))
  const tokens = (await app.redeem(answerOf(weak).code ?? '')).body
  expect(decodeJwt(tokens.id_token ?? '')).toMatchObject({ acr: 'pwd' })
  expect((await app.api('step-up', tokens.access_token)).status).toBe(401)

  const claims = JSON.stringify({ id_token: { acr: { essential: true, value: 'mfa' } } })
  const unmet = await browser.visit(app.authorizationUrl({ scope, claims }))
  expect(answerOf(unmet)).toMatchObject({ error: 'unmet_authentication_requirements' })
})

test('a missing scope is a 403 with the scope', async () => {
  const { access_token } = await app.signIn({ scope })
  const refused = await app.api('echo?scope=calendar.write', access_token)
  expect(refused.status).toBe(403)
  expect(challengeOf(refused)).toContain('scope="calendar.write"')
})

test('the metadata of a resource is named in challenges, and can be wrong', async () => {
  expect(challengeOf(await app.api('echo'))).toBe('Bearer')
  await app.control.changeSettings({ resourceMetadata: {} })
  const [, url = ''] = /resource_metadata="([^"]+)"/.exec(challengeOf(await app.api('echo'))) ?? []
  const origin = 'http://localhost:5173'
  const response = await fetch(url, { headers: { origin } })
  expect(response.headers.get('access-control-allow-origin')).toBe(origin)
  expect(await response.json()).toMatchObject({
    resource: `${app.issuer}/api`,
    authorization_servers: [app.issuer],
    scopes_supported: expect.arrayContaining(['calendar.write']),
  })
  await app.control.changeSettings({ resourceMetadata: { resource: 'https://other.test/api' } })
  expect(await (await fetch(url)).json()).toMatchObject({ resource: 'https://other.test/api' })
})

test('redirects keep their status, and the other origin counts headers', async () => {
  for (const status of [301, 302, 303, 307, 308]) {
    const response = await app.api(`redirect/${status}`, 'any', { redirect: 'manual' })
    expect(response.status).toBe(status)
    expect(response.headers.get('location')).toBe(`${app.issuer}/api/echo`)
  }
  const other = await app.api('redirect/302?to=other', 'any', { redirect: 'manual' })
  expect(other.headers.get('location')).toBe(`${app.otherOrigin}/api/echo`)

  await fetch(`${app.otherOrigin}/x`, { headers: { authorization: 'Bearer x', dpop: 'y' } })
  await fetch(`${app.otherOrigin}/y`)
  expect(await app.control.otherOrigin()).toEqual({
    requests: 2,
    authorization: 1,
    dpop: 1,
    received: [
      { method: 'GET', path: '/x', authorization: true, dpop: true },
      { method: 'GET', path: '/y', authorization: false, dpop: false },
    ],
  })
})

test('server-sent events continue after Last-Event-ID', async () => {
  const { access_token = '' } = await app.signIn({ scope })
  const read = async (headers: Record<string, string>) =>
    (
      await fetch(`${app.issuer}/api/events?count=2&everyMs=1`, {
        headers: { authorization: `Bearer ${access_token}`, ...headers },
      })
    ).text()
  const first = await read({})
  expect(first).toContain('retry: 50\n\nid: 1\nevent: tick\ndata: {"number":1,"sub":"alice"}')
  expect(await read({ 'last-event-id': '2' })).toMatch(/id: 3\n[\s\S]*id: 4\n/)
})

test('response headers can be hidden, and request headers can be refused', async () => {
  const origin = 'http://localhost:5173'
  const preflight = async () => {
    const { headers } = await fetch(`${app.issuer}/api/echo`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-headers': 'authorization,dpop' },
    })
    return headers.get('access-control-allow-headers')
  }
  expect(await preflight()).toBe('authorization,dpop')
  await app.control.changeSettings({ exposedHeaders: null, refusedRequestHeaders: ['dpop'] })
  expect(await preflight()).toBe('authorization')
  for (const path of ['/api/echo', '/.well-known/openid-configuration', '/jwks']) {
    const { headers } = await fetch(app.issuer + path, { headers: { origin } })
    expect(headers.get('access-control-allow-origin')).toBe(origin)
    expect(headers.get('access-control-expose-headers')).toBeNull()
  }
})

const claimsIn = (challenge: string): unknown =>
  JSON.parse(Buffer.from(/claims="([^"]+)"/.exec(challenge)?.[1] ?? '', 'base64').toString())
