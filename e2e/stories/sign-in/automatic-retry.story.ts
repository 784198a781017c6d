import type { App } from '../../steps/app.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

/** A client that may request `openid` only. */
const NARROW = { clientId: 'narrow' }
const REFUSED = { error: 'invalid_scope', error_description: 'Not allowed: offline_access' }
const EXPIRED = { error: 'temporarily_unavailable', error_description: 'authentication_expired' }

const aNarrowClient = ({ idp, world }: App) =>
  idp.control.addClient({
    clientId: 'narrow',
    redirectUris: [world.bareUrl, `${world.bareUrl}callback.html`],
    oidcScopes: ['openid'],
  })

/** Changes the parameters of the next `count` authorization responses. */
const answers = ({ idp }: App, set: Record<string, string>, count = 1) =>
  idp.control.addFault({
    endpoint: 'authorization',
    count,
    fault: { kind: 'authorizationResponse', set: { ...set, code: null } },
  })

const skipsPages = ({ idp }: App) =>
  idp.control.changeSettings({ consent: 'skip', signInAs: 'alice' })

story(
  'Alice signs in by redirect although the provider refuses a default scope',
  async ({ app }) => {
    await aNarrowClient(app)
    await app.starts(NARROW)
    await app.leavesBy('signIn', { scopes: ['calendar.read'], state: 'invoice 7' })
    // The page that received the refusal redirects to the provider again without a click.
    const { answer, error } = await comesHome(app)
    expect(error).toBeUndefined()
    expect(answer?.username).toBe('alice')
    const result = await app.page.evaluate(() => window.auth.redirectResult)
    expect(result).toMatchObject({ state: 'invoice 7' })
    expect((await app.requests()).authorization).toBe(2)

    await app.calls('signOut', { interaction: 'none' })
    await app.leavesBy('signIn', { scopes: ['calendar.read'] })
    await app.page.waitForURL(/#.*state=/)
    expect((await app.starts(NARROW)).answer?.username).toBe('alice')
    // The client remembers the refusal.
    expect((await app.requests()).authorization).toBe(3)
  },
)

/** Starts the app after each authorization response, until the user signs in at the provider. */
async function comesHome(app: App) {
  await app.page.waitForURL(/#.*error=invalid_scope/)
  void app.starts(NARROW).catch(() => undefined) // The page redirects again.
  await signInAtProvider(app.page, 'Alice Adams')
  await allowAtProvider(app.page)
  await app.page.waitForURL(/#.*code=/)
  return app.starts(NARROW)
}

for (const coop of ['unsafe-none', 'same-origin'])
  story(`The retry uses the same popup (COOP ${coop})`, async ({ app }) => {
    await aNarrowClient(app)
    await app.idp.control.changeSettings({ crossOriginOpenerPolicy: coop })
    await app.starts(NARROW)
    const { popup, outcome } = await app.opensPopupBy('signIn', {
      interaction: 'popup',
      scopes: ['calendar.read'],
    })
    await signInAtProvider(popup, 'Alice Adams')
    await allowAtProvider(popup)
    expect((await outcome).answer).toMatchObject({ uniqueId: 'alice' })
    await expect.poll(() => popup.isClosed()).toBe(true)
    expect(app.page.context().pages()).toHaveLength(1)
    expect((await app.requests()).authorization).toBe(2)
  })

story('The retry starts on a bare redirect page too', async ({ app }) => {
  await aNarrowClient(app)
  await app.starts({ ...NARROW, redirectUri: '/callback.html' })
  const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
  await signInAtProvider(popup, 'Alice Adams')
  await allowAtProvider(popup)
  expect((await outcome).answer?.uniqueId).toBe('alice')
  await expect.poll(() => popup.isClosed()).toBe(true)
})

story('A user who closes the popup during the retry cancels', async ({ app }) => {
  await aNarrowClient(app)
  await app.starts(NARROW)
  const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
  await signInAtProvider(popup, 'Alice Adams')
  await expect(popup.getByRole('button', { name: 'Allow' })).toBeVisible()
  await popup.close()
  expect((await outcome).error?.code).toBe('user_cancelled')
})

story('The retry never drops a scope of the app', async ({ app }) => {
  await aNarrowClient(app)
  await app.starts(NARROW)
  await app.leavesBy('signIn', { scopes: ['profile'] })
  await app.page.waitForURL(/#.*error=invalid_scope/)
  const first = app.page.url()
  void app.starts(NARROW).catch(() => undefined)
  await app.page.waitForURL((url) => url.href !== first && url.hash.includes('error=invalid_scope'))
  expect((await app.starts(NARROW)).error).toMatchObject({
    code: 'authorization_failed',
    oauth: { error: 'invalid_scope' },
  })
  expect((await app.requests()).authorization).toBe(2)
})

story('An expired sign-in page of Keycloak is retried at once', async ({ app }) => {
  await skipsPages(app)
  await answers(app, EXPIRED)
  await app.starts()
  const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
  expect((await outcome).answer?.uniqueId).toBe('alice')
  await expect.poll(() => popup.isClosed()).toBe(true)
  expect((await app.requests()).authorization).toBe(2)
})

story('A sign-in page that expires twice gives its own error code', async ({ app }) => {
  await skipsPages(app)
  await answers(app, EXPIRED, 2)
  await app.starts()
  const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
  expect((await outcome).error).toMatchObject({ code: 'authentication_expired' })
  await expect.poll(() => popup.isClosed()).toBe(true)
  expect((await app.requests()).authorization).toBe(2)
})

story.describe('in a hidden iframe', () => {
  story.use({ cookies: 'allowed' })

  story('the retry completes a redirect, if iframes worked before', async ({ app }) => {
    await app.isSignedIn()
    await app.calls('ssoSilent')
    await app.calls('signOut', { interaction: 'none' })
    for (const [index, set] of [EXPIRED, REFUSED].entries()) {
      await answers(app, set)
      await app.leavesBy('signIn', { state: `invoice ${index}` })
      await app.page.waitForURL(/#.*error=/)
      expect((await app.starts()).answer?.username).toBe('alice@example.com')
      const result = await app.page.evaluate(() => window.auth.redirectResult)
      expect(result).toMatchObject({ uniqueId: 'alice', state: `invoice ${index}` })
      await app.calls('signOut', { interaction: 'none' })
    }
  })

  story('the retry follows a token request that fails after the popup closed', async ({ app }) => {
    await app.isSignedIn()
    await app.calls('ssoSilent')
    await skipsPages(app)
    const body = { error: 'not_allowed', error_description: 'Offline tokens not allowed' }
    const headers = { 'content-type': 'application/json' }
    const refusal = { kind: 'respond', status: 400, headers, body } as const
    await app.idp.control.addFault({ endpoint: 'token', fault: refusal })
    const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
    expect((await outcome).answer?.uniqueId).toBe('alice')
    await expect.poll(() => popup.isClosed()).toBe(true)
  })

  story('the retry omits a refused default scope at once', async ({ app }) => {
    await app.isSignedIn()
    await answers(app, REFUSED)
    const before = (await app.requests()).authorization ?? 0
    expect((await app.calls('ssoSilent')).answer?.uniqueId).toBe('alice')
    expect((await app.requests()).authorization).toBe(before + 2)
    await app.calls('ssoSilent')
    expect((await app.requests()).authorization).toBe(before + 3)
  })
})
