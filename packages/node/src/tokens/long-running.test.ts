import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { keyring, newSealKey } from '../cache/keyring.ts'
import { memoryStore } from '../stores/memory-store.ts'
import { createTestClock, startEntraService, startOidcService } from '../testing/service.ts'

let entra: Awaited<ReturnType<typeof startEntraService>>
let oidc: Awaited<ReturnType<typeof startOidcService>>
beforeAll(async () => {
  ;[entra, oidc] = await Promise.all([startEntraService(), startOidcService()])
})
beforeEach(async () => {
  await Promise.all([entra.idp.control.reset(), oidc.idp.control.reset()])
  await entra.idp.control.changeSettings({ refreshTokenReuse: 'ends' })
})
afterAll(() => Promise.all([entra.idp.close(), oidc.idp.close()]))

const scopes = ['User.Read']
const shared = () => ({ store: memoryStore(), keys: keyring(newSealKey()) })

test('a session continues without the assertion, also in another process', async () => {
  const clock = createTestClock()
  const cache = shared()
  const first = await entra.create({ cache, clock })
  const assertion = await entra.idp.accessTokenFor('alice')
  const { key, result } = await first.longRunning.begin({ assertion, scopes })
  expect(key.length).toBeGreaterThanOrEqual(43)
  expect(result.account?.username).toBe('alice@contoso.example')

  const second = await entra.create({ cache, clock })
  const held = await second.longRunning.acquireToken({ key, scopes })
  expect([held.fromCache, held.accessToken]).toEqual([true, result.accessToken])
  expect(held.account?.username).toBe('alice@contoso.example')

  for (const [index, app] of [second, first, second].entries()) {
    clock.advance(3_600_000)
    const renewed = await app.longRunning.acquireToken({ key, scopes })
    expect([index, renewed.fromCache]).toEqual([index, false])
    expect(renewed.account?.username).toBe('alice@contoso.example')
  }
  const other = await second.longRunning.acquireToken({ key, scopes: ['Mail.Read'] })
  expect(other.scopes).toContain('Mail.Read')
  expect((await entra.idp.control.stats()).tokenGrants.refresh_token).toBe(4)
})

test('50 calls after the expiry redeem the refresh token once', async () => {
  const clock = createTestClock()
  const app = await entra.create({ clock })
  const assertion = await entra.idp.accessTokenFor('alice')
  const { key } = await app.longRunning.begin({ assertion, scopes })
  clock.advance(3_600_000)
  const call = () => app.longRunning.acquireToken({ key, scopes })
  await Promise.all(Array.from({ length: 50 }, call))
  expect((await entra.idp.control.stats()).tokenGrants.refresh_token).toBe(1)
})

test('the same assertion continues a session, and another one begins it anew', async () => {
  const app = await entra.create()
  const [assertion, newer] = [
    await entra.idp.accessTokenFor('alice'),
    await entra.idp.accessTokenFor('bob'),
  ]
  const first = await app.longRunning.begin({ assertion, scopes, key: 'job-7' })
  const again = await app.longRunning.begin({ assertion, scopes, key: 'job-7' })
  expect([again.key, again.result.fromCache]).toEqual(['job-7', true])
  expect(again.result.accessToken).toBe(first.result.accessToken)
  const anew = await app.longRunning.begin({ assertion: newer, scopes, key: 'job-7' })
  expect(anew.result.account?.username).toBe('bob@contoso.example')
  const held = await app.longRunning.acquireToken({ key: 'job-7', scopes })
  expect(held.account?.username).toBe('bob@contoso.example')
})

test('a session that was ended is not found, in any process', async () => {
  const cache = shared()
  const [one, two] = [await entra.create({ cache }), await entra.create({ cache })]
  const assertion = await entra.idp.accessTokenFor('alice')
  const { key } = await one.longRunning.begin({ assertion, scopes })
  await one.longRunning.end(key)
  for (const app of [one, two])
    await expect(app.longRunning.acquireToken({ key, scopes })).rejects.toMatchObject({
      code: 'session_not_found',
    })
})

test('a revoked refresh token needs the user, and then the session is gone', async () => {
  const clock = createTestClock()
  const app = await entra.create({ clock })
  const assertion = await entra.idp.accessTokenFor('alice')
  const { key } = await app.longRunning.begin({ assertion, scopes })
  await entra.idp.control.revokeRefreshTokens()
  clock.advance(3_600_000)
  const call = () => app.longRunning.acquireToken({ key, scopes })
  await expect(call()).rejects.toMatchObject({ code: 'interaction_required' })
  await expect(call()).rejects.toMatchObject({ code: 'session_not_found' })
})

test('`close` waits until a rotated refresh token is stored, and begins no request', async () => {
  const clock = createTestClock()
  const cache = shared()
  const app = await entra.create({ cache, clock })
  const assertion = await entra.idp.accessTokenFor('alice')
  const { key } = await app.longRunning.begin({ assertion, scopes })
  clock.advance(3_600_000)
  await entra.idp.control.changeSettings({ latencyMs: { token: 300 } })
  await entra.idp.control.resetStats()
  const late = app.longRunning.acquireToken({ key, scopes })
  await expect.poll(entra.requests).toBe(1)
  await app.close()
  const { accessToken } = await late
  const next = await entra.create({ cache, clock })
  expect(await next.longRunning.acquireToken({ key, scopes })).toMatchObject({
    accessToken,
    fromCache: true,
  })
  await expect(app.longRunning.acquireToken({ key, scopes })).rejects.toMatchObject({
    code: 'client_closed',
  })
  expect(await entra.requests()).toBe(1)
})

test('a failing provider ends no session', async () => {
  const clock = createTestClock()
  const app = await entra.create({ clock })
  const assertion = await entra.idp.accessTokenFor('alice')
  const { key } = await app.longRunning.begin({ assertion, scopes })
  clock.advance(3_600_000)
  await entra.idp.control.addFault({
    endpoint: 'token',
    fault: { kind: 'respond', status: 503, body: 'down' },
  })
  const call = () => app.longRunning.acquireToken({ key, scopes })
  await expect(call()).rejects.toMatchObject({ code: 'server_error' })
  expect((await call()).fromCache).toBe(false)
})

test('at a plain provider a session uses token exchange with `offline_access`, and rotation', async () => {
  const clock = createTestClock()
  const app = await oidc.create({ clock })
  const assertion = await oidc.idp.accessTokenFor('alice')
  const { key } = await app.longRunning.begin({ assertion, scopes: ['mail.read'] })
  for (let round = 0; round < 3; round += 1) {
    clock.advance(3_600_000)
    const result = await app.longRunning.acquireToken({ key, scopes: ['mail.read'] })
    expect(result.fromCache).toBe(false)
  }
})

test('a provider without a refresh token cannot begin a session', async () => {
  await oidc.idp.control.changeSettings({ refreshTokens: 'never' })
  const app = await oidc.create()
  const assertion = await oidc.idp.accessTokenFor('alice')
  await expect(app.longRunning.begin({ assertion, scopes: ['mail.read'] })).rejects.toMatchObject({
    code: 'no_refresh_token',
  })
})
