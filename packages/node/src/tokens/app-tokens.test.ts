import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestClock, GRAPH, startEntraService, startOidcService } from '../testing/service.ts'

let entra: Awaited<ReturnType<typeof startEntraService>>
let oidc: Awaited<ReturnType<typeof startOidcService>>
beforeAll(async () => {
  ;[entra, oidc] = await Promise.all([startEntraService(), startOidcService()])
})
beforeEach(() => Promise.all([entra.idp.control.reset(), oidc.idp.control.reset()]))
afterAll(() => Promise.all([entra.idp.close(), oidc.idp.close()]))

test('a token for the app has the fields of the browser, and no account', async () => {
  await entra.idp.control.changeSettings({ refreshIn: 600 })
  const app = await entra.create()
  const before = Date.now()
  const result = await app.acquireTokenForApp({ scopes: [GRAPH], correlationId: 'call-1' })
  expect(result).toMatchObject({
    accessToken: expect.stringMatching(/^ey/),
    tokenType: 'Bearer',
    scopes: [GRAPH],
    account: null,
    idToken: null,
    idTokenClaims: null,
    tenantId: entra.idp.tenants.home.id,
    uniqueId: '',
    authority: entra.authority,
    fromCache: false,
    correlationId: 'call-1',
  })
  expect(result.expiresOn.getTime()).toBeGreaterThanOrEqual(before + 3_600_000)
  expect(result.refreshOn?.getTime()).toBeGreaterThanOrEqual(before + 600_000)
  expect(result.trace.map(({ names }) => names?.join(' '))).toEqual([
    'memory miss',
    'store miss',
    'lock done',
    'store miss',
    'refresh done',
    'flight done',
  ])
  expect(Object.isFrozen(result)).toBe(true)
  expect(JSON.stringify(result)).not.toContain('"trace"')
})

test('50 calls at once send one request, and later calls send none', async () => {
  const app = await oidc.create()
  const call = () => app.acquireTokenForApp({ scopes: ['calendar.read'] })
  const results = await Promise.all(Array.from({ length: 50 }, call))
  expect(new Set(results.map(({ accessToken }) => accessToken)).size).toBe(1)
  expect((await call()).fromCache).toBe(true)
  expect(await oidc.requests()).toBe(1)
  expect(app.health().answers).toEqual({ memory: 1, store: 0, provider: 50 })
})

test('each resource and each scope has its own token', async () => {
  const app = await oidc.create()
  const { issuer } = oidc.idp
  const plain = await app.acquireTokenForApp({ scopes: ['mail.read'] })
  const named = await app.acquireTokenForApp({ scopes: ['mail.read'], resource: `${issuer}/mail` })
  const other = await app.acquireTokenForApp({ scopes: ['mail.send'] })
  expect(new Set([plain, named, other].map(({ accessToken }) => accessToken)).size).toBe(3)
})

test('after `refresh_in` no caller waits: one renewal runs in the background', async () => {
  await entra.idp.control.changeSettings({ refreshIn: 600 })
  const clock = createTestClock()
  const app = await entra.create({ clock })
  const call = () => app.acquireTokenForApp({ scopes: [GRAPH] })
  const first = await call()
  clock.advance(601_000)
  await entra.idp.control.addFault({ endpoint: 'token', fault: { kind: 'hang' } })
  const during = await Promise.all(Array.from({ length: 50 }, call))
  expect(during.every(({ accessToken }) => accessToken === first.accessToken)).toBe(true)
  await entra.idp.control.clearFaults()
  await expect.poll(async () => (await call()).accessToken).not.toBe(first.accessToken)
  expect(await entra.requests()).toBe(2)
})

test('a failed renewal in the background fails no caller, and is tried again later', async () => {
  await entra.idp.control.changeSettings({ refreshIn: 600 })
  const clock = createTestClock()
  const app = await entra.create({ clock })
  const call = () => app.acquireTokenForApp({ scopes: [GRAPH] })
  const first = await call()
  clock.advance(601_000)
  await entra.idp.control.addFault({ endpoint: 'token', count: 1, fault: { kind: 'reset' } })
  expect((await call()).accessToken).toBe(first.accessToken)
  await expect.poll(() => entra.logged.join()).toContain('A renewal in the background failed')
  await expect
    .poll(async () => (await call()).accessToken, { timeout: 5000 })
    .not.toBe(first.accessToken)
})

test('`forceRefresh` and `claims` get a new token, and later calls get that token', async () => {
  const app = await entra.create({ clientCapabilities: ['cp1'] })
  const call = (more = {}) => app.acquireTokenForApp({ scopes: [GRAPH], ...more })
  const first = await call()
  const forced = await call({ forceRefresh: true })
  expect(forced.fromCache).toBe(false)
  const claims = JSON.stringify({ access_token: { nbf: { essential: true, value: '1' } } })
  const claimed = await call({ claims })
  expect(new Set([first, forced, claimed].map(({ accessToken }) => accessToken)).size).toBe(3)
  expect((await call()).accessToken).toBe(claimed.accessToken)
})

test('`clearApp` deletes the tokens of the app', async () => {
  const app = await oidc.create()
  const call = () => app.acquireTokenForApp({ scopes: ['calendar.read'] })
  const first = await call()
  await app.clearApp()
  expect((await call()).accessToken).not.toBe(first.accessToken)
})

test('on Entra a token for the app needs a tenant and one `.default`, before any request', async () => {
  const app = await entra.create()
  const common = await entra.create({ authority: entra.idp.authority('common') })
  const wrong = [
    common.acquireTokenForApp({ scopes: [GRAPH] }),
    app.acquireTokenForApp({ scopes: ['User.Read'] }),
    app.acquireTokenForApp({ scopes: [] }),
    app.acquireTokenForApp({ scopes: [GRAPH, `${entra.idp.api}/.default`] }),
    app.acquireTokenForApp({ scopes: 'User.Read' as never }),
    app.acquireTokenForApp({ scopes: [GRAPH], claims: 'no json' }),
  ]
  for (const call of wrong)
    await expect(call).rejects.toMatchObject({ code: 'invalid_request', hint: expect.any(String) })
  expect((await entra.idp.control.stats()).requests).toEqual([])
})

test('a caller stops waiting by its signal, and the token is kept for others', async () => {
  const app = await oidc.create()
  await oidc.idp.control.addFault({ endpoint: 'token', fault: { kind: 'hang' } })
  const abort = new AbortController()
  const call = app.acquireTokenForApp({ scopes: ['calendar.read'], signal: abort.signal })
  await expect.poll(oidc.requests).toBe(1)
  abort.abort()
  await expect(call).rejects.toMatchObject({ code: 'aborted' })
  await oidc.idp.control.clearFaults()
  await app.acquireTokenForApp({ scopes: ['calendar.read'] })
  expect(await oidc.requests()).toBe(1)
})

test('a closed client refuses calls', async () => {
  const app = await oidc.create()
  app.close()
  await expect(app.acquireTokenForApp({ scopes: [] })).rejects.toMatchObject({
    code: 'client_closed',
  })
})
