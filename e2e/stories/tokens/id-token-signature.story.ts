import { signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

const MINUTE_MS = 60_000

const SCOPES = ['openid', 'calendar.read']
const STRANGER = { kind: 'idToken', claims: {}, signer: 'stranger' } as const
const checked = { verifyIdTokenSignature: true }

story(
  'If the app checks signatures, an ID token with a foreign signature is refused',
  async ({ app }) => {
    await app.idp.control.changeSettings({ consent: 'skip' })
    await app.idp.control.addFault({ endpoint: 'token', fault: STRANGER })
    await app.starts(checked)
    await app.leavesBy('signIn', { scopes: SCOPES })
    await app.signsInAtProvider()
    expect((await app.starts(checked)).error).toMatchObject({ code: 'invalid_id_token' })
    expect(await app.page.evaluate(() => window.auth?.accounts ?? [])).toEqual([])

    // The next attempt has a valid signature.
    expect((await app.starts(checked)).answer?.username).toBeUndefined()
    await app.leavesBy('signIn', { scopes: SCOPES })
    await app.page.waitForURL(/#.*state=/)
    expect((await app.starts(checked)).answer?.username).toBe('alice@example.com')
  },
)

story(
  'A refreshed ID token with a foreign signature is refused, and the session stays',
  async ({ app }) => {
    await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', checked)
    await app.idp.control.addFault({ endpoint: 'token', fault: STRANGER })
    expect((await app.asks(SCOPES, { forceRefresh: true })).error?.code).toBe('invalid_id_token')
    expect((await app.asks(SCOPES)).answer).toMatchObject({ fromCache: true, uniqueId: 'alice' })
  },
)

story('The client fetches the keys again after the provider rotated them', async ({ app }) => {
  const old = { keys: [{ kty: 'EC', crv: 'P-256', kid: 'old', use: 'sig', x: 'eA', y: 'eQ' }] }
  await app.idp.control.changeSettings({ consent: 'skip' })
  await app.idp.control.addFault({
    endpoint: 'jwks',
    fault: { kind: 'respond', status: 200, body: old },
  })
  await app.starts(checked)
  const request = { scopes: SCOPES, interaction: 'popup' }
  const first = await app.opensPopupBy('signIn', request)
  await signInAtProvider(first.popup, 'Alice Adams')
  expect((await first.outcome).error?.code).toBe('invalid_id_token')
  expect((await app.requests()).jwks).toBe(1)

  // The client waits, because a flood of forged tokens would cause a flood of requests.
  await app.jumps(2 * MINUTE_MS)
  const second = await app.opensPopupBy('signIn', request)
  expect((await second.outcome).answer?.uniqueId).toBe('alice')
  expect((await app.requests()).jwks).toBe(2)

  // The client keeps the new keys.
  await app.asks(SCOPES, { forceRefresh: true })
  expect((await app.requests()).jwks).toBe(2)
})

story('A sign-in fails with a code if the keys cannot be fetched', async ({ app }) => {
  await app.idp.control.changeSettings({ consent: 'skip' })
  await app.idp.control.addFault({
    endpoint: 'jwks',
    fault: { kind: 'respond', status: 200, body: '<h1>Hello</h1>' },
    count: 9,
  })
  await app.starts(checked)
  await app.leavesBy('signIn', { scopes: SCOPES })
  await app.signsInAtProvider()
  const { error } = await app.starts(checked)
  expect(error).toMatchObject({
    name: 'AuthError',
    code: expect.stringMatching(/invalid|failed|intermediary/),
  })
  expect(error?.hint).not.toBe('')
})

story(
  'By default no key is fetched, because TLS authenticates the token endpoint',
  async ({ app }) => {
    await app.isSignedIn({ scopes: SCOPES })
    expect((await app.requests()).jwks ?? 0).toBe(0)
  },
)
