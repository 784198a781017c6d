import type { RequestListener } from 'node:http'
import { describe, expect, test } from 'vitest'
import { ORIGIN as origin, BFF_SCOPES as scopes, startBff } from '../testing/bff.ts'
import { serve } from '../testing/device-provider.ts'
import { startWebApp, useWebApp } from '../testing/web-app.ts'
import { toListener } from '../web/http.ts'

const { oidc } = useWebApp()

const setUp = (options = {}) => startBff(oidc, options)

test('a single-page app signs in, knows its user, calls an API and signs out', async () => {
  const { jar, visit, signIn } = await setUp()
  expect((await visit('/me')).status).toBe(401)
  const back = await signIn()
  expect([back.status, back.headers.get('location')]).toEqual([303, '/inbox'])
  expect([...jar.keys()]).toEqual(['__Host-carnet-session'])
  expect(await (await visit('/me')).json()).toMatchObject({
    account: { username: 'alice@example.com', name: 'Alice Adams' },
  })
  const events = await visit('/api/calendar/events')
  expect(events.status).toBe(200)
  expect(Array.isArray(await events.json())).toBe(true)
  const out = await visit('/logout', { method: 'POST', headers: { accept: 'application/json' } })
  expect((await out.json()).url).toContain(`${oidc.idp.issuer}/`)
  expect(jar.size).toBe(0)
  expect((await visit('/me')).status).toBe(401)
  expect((await visit('/api/calendar/events')).status).toBe(401)
})

test('no token and no secret reaches the browser', async () => {
  const { visit, signIn } = await setUp()
  const answers = [await signIn(), await visit('/me'), await visit('/api/echo')]
  const texts = await Promise.all(
    answers.map(async (one) => JSON.stringify([...one.headers]) + (await one.text())),
  )
  const issued = JSON.stringify(await oidc.idp.control.issued())
  for (const text of texts)
    for (const [token] of text.matchAll(/[\w-]{20,}(\.[\w-]{20,})*/g))
      expect(issued).not.toContain(token)
})

describe('requests of another site', () => {
  const foreign = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
  ]
  test.each(foreign)('%o reaches neither API nor sign-out nor user', async (headers) => {
    const { visit, signIn } = await setUp()
    await signIn()
    const before = await oidc.idp.control.stats()
    for (const [path, method] of [
      ['/api/calendar/events', 'GET'],
      ['/api/calendar/events', 'POST'],
      ['/me', 'GET'],
      ['/logout', 'POST'],
    ] as const)
      expect((await visit(path, { method, headers })).status).toBe(403)
    expect((await oidc.idp.control.stats()).counts.calendar).toBe(before.counts.calendar)
    expect((await visit('/me')).status).toBe(200)
    expect((await visit('/logout')).status).toBe(405)
  })

  test('an older browser needs the header that forms and links cannot send', async () => {
    const { bff, jar, signIn } = await setUp()
    await signIn()
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const statusOf = async (headers: Record<string, string>) =>
      (await bff.handle(new Request(`${origin}/me`, { headers: { cookie, ...headers } })))?.status
    expect(await statusOf({})).toBe(403)
    expect(await statusOf({ 'x-carnet-csrf': '1' })).toBe(200)
    expect(await statusOf({ 'x-carnet-csrf': '1', origin: 'https://evil.example' })).toBe(403)
  })

  test('a link cannot send the user to another origin', async () => {
    const { signIn } = await setUp()
    for (const to of ['https://evil.example/', '//evil.example', '/\\evil.example']) {
      const back = await signIn(`/login?returnTo=${encodeURIComponent(to)}`)
      expect(back.headers.get('location')).toBe('/')
    }
  })
})

test('a failed or repeated sign-in leads to a page of the app', async () => {
  const { visit, signIn } = await setUp({ errorPath: '/problem' })
  const lost = await visit('/callback?code=1&state=unknown')
  expect(lost.headers.get('location')).toBe('/problem?error=transaction_not_found')
  await signIn()
  const repeated = await visit('/callback?code=1&state=unknown')
  expect(repeated.headers.get('location')).toBe('/')
})

test.each([
  [{ proxy: { api: 'https://api.example/' } }],
  [{ proxy: { '/api/': 'https://api.example' } }],
  [{ proxy: { '/api/': `${origin}/` } }],
  [{ resources: { 'http://api.example': scopes } }],
])('%o is no option', async (wrong) => {
  await expect(setUp(wrong as never)).rejects.toMatchObject({ code: 'invalid_options' })
})

test('a sign-out at the provider ends the session by its logout token', async () => {
  const own = await serve((message, response) => listener(message, response))
  let listener: RequestListener = (_message, response) => response.writeHead(503).end()
  const backchannelLogoutUri = `${own.url}/backchannel-logout`
  const provider = await startWebApp({}, { backchannelLogoutUri })
  const { app, agent, bff, visit, signIn } = await startBff(provider)
  listener = toListener(bff.handle)
  await signIn()
  const session = await visit('/me')
  expect(session.status).toBe(200)
  const { account } = await session.json()
  const { url = '' } = await app.forUser(account.id).signOutUrl()
  await agent.visit(url)
  expect((await visit('/me')).status).toBe(401)
  expect(await app.forUser(account.id).account()).toBeUndefined()
  own.close()
  await provider.idp.close()
})
