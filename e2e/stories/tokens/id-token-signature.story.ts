import { signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

const MINUTE_MS = 60_000

const SCOPES = ['openid', 'calendar.read']
const STRANGER = { kind: 'idToken', claims: {}, signer: 'stranger' } as const
const checked = { verifyIdTokenSignature: true }

story(
  'An ID token that somebody else signed signs nobody in, where that is checked',
  async ({ app }) => {
    await app.idp.control.changeSettings({ consent: 'skip' })
    await app.idp.control.addFault({ endpoint: 'token', fault: STRANGER })
    await app.starts(checked)
    await app.leavesBy('signIn', { scopes: SCOPES })
    await app.signsInAtProvider()
    expect((await app.starts(checked)).error).toMatchObject({ code: 'invalid_id_token' })
    expect(await app.page.evaluate(() => window.auth?.accounts ?? [])).toEqual([])

    // The next attempt is a good one.
    expect((await app.starts(checked)).answer?.username).toBeUndefined()
    await app.leavesBy('signIn', { scopes: SCOPES })
    await app.page.waitForURL(/#.*state=/)
    expect((await app.starts(checked)).answer?.username).toBe('alice@example.com')
  },
)

story('Nor does one that a refresh brings; what was there is kept', async ({ app }) => {
  await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', checked)
  await app.idp.control.addFault({ endpoint: 'token', fault: STRANGER })
  expect((await app.asks(SCOPES, { forceRefresh: true })).error?.code).toBe('invalid_id_token')
  expect((await app.asks(SCOPES)).answer).toMatchObject({ fromCache: true, uniqueId: 'alice' })
})

story(
  'The keys of the provider have changed since: they are fetched once more',
  async ({ app }) => {
    const old = { keys: [{ kty: 'EC', crv: 'P-256', kid: 'old', use: 'sig', x: 'eA', y: 'eQ' }] }
    await app.idp.control.changeSettings({ consent: 'skip' })
    await app.idp.control.addFault({
      endpoint: 'jwks',
      fault: { kind: 'respond', status: 200, body: old },
    })
    await app.starts(checked)
    const request = { scopes: SCOPES, interaction: 'popup' }
    const first = await app.opensWindowBy('signIn', request)
    await signInAtProvider(first.popup, 'Alice Adams')
    expect((await first.outcome).error?.code).toBe('invalid_id_token')
    expect((await app.requests()).jwks).toBe(1)

    // Not at once: else a flood of forged tokens would be one of requests.
    await app.jumps(2 * MINUTE_MS)
    const second = await app.opensWindowBy('signIn', request)
    expect((await second.outcome).answer?.uniqueId).toBe('alice')
    expect((await app.requests()).jwks).toBe(2)

    // From then on they are known.
    await app.asks(SCOPES, { forceRefresh: true })
    expect((await app.requests()).jwks).toBe(2)
  },
)

story('Keys that cannot be had are an error with a code, not a sign-in', async ({ app }) => {
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

story('By default nothing is fetched to check it: TLS has said who sent it', async ({ app }) => {
  await app.isSignedIn({ scopes: SCOPES })
  expect((await app.requests()).jwks ?? 0).toBe(0)
})
