import type { Route } from '@playwright/test'
import { answersByPage } from '../../steps/answers-by-page.ts'
import type { App } from '../../steps/app.ts'
import { sendsTokenRequestsItself } from '../../steps/visible-requests.ts'
import { expect, inPageOnly, story } from '../../world.ts'

const SCOPES = ['calendar.read']
const HOUR_MS = 3_600_000
const CALLBACK = 'callback.html'

/** Fulfils requests for a page of the app. */
const serves = ({ page, world }: App, path: string, answer: (route: Route) => Promise<void>) =>
  page.route(
    (url) => url.href.split(/[?#]/)[0] === `${world.bareUrl}${path}`,
    (route) => answer(route),
  )

/** Serves the page with more headers. */
const withHeaders = (headers: Record<string, string>) => async (route: Route) => {
  const response = await route.fetch()
  await route.fulfill({ response, headers: { ...response.headers(), ...headers } })
}

const asPage = (status: number, script: string) => (route: Route) =>
  route.fulfill({
    status,
    contentType: 'text/html',
    body: `<!doctype html><h1>Old or missing</h1><script>${script}</script>`,
  })

story.describe('the redirect page of the app', () => {
  story.use({ cookies: 'allowed' })
  const options = { redirectUri: `/${CALLBACK}`, silent: { timeoutMs: 4000 } }

  for (const [what, headers, named] of [
    ['X-Frame-Options', { 'x-frame-options': 'DENY' }, 'X-Frame-Options'],
    ['frame-ancestors', { 'content-security-policy': "frame-ancestors 'none'" }, 'frame-ancestors'],
  ] as const)
    story(`is named in the error, if it forbids iframes by ${what}`, async ({ app }) => {
      await app.starts(options)
      await serves(app, CALLBACK, withHeaders(headers))
      await answersByPage(app)
      const { error } = await app.calls('ssoSilent')
      expect(error).toMatchObject({ code: 'redirect_page_unusable' })
      expect(error?.message).toContain(named)
      expect(error?.message).toContain(`/${CALLBACK}`)
      // Carnet remembers the cause, so no later call uses an iframe.
      const before = (await app.requests()).authorization
      expect((await app.calls('ssoSilent')).error).toMatchObject({ code: 'redirect_page_unusable' })
      expect((await app.requests()).authorization).toBe(before)
      expect(await app.page.locator('iframe').count()).toBe(0)
    })

  story('is named in the error, if its host drops the response', async ({ app }) => {
    await app.starts(options)
    await serves(app, CALLBACK, (route) =>
      route.fulfill({ status: 302, headers: { location: `/${CALLBACK}?lost#` } }),
    )
    await answersByPage(app)
    const { error } = await app.calls('ssoSilent')
    expect(error).toMatchObject({ code: 'redirect_page_unusable' })
    expect(error?.message).toContain('cache')
  })

  story('may be missing: the client reads the response from its address', async ({ app }) => {
    await app.starts({ ...options, silent: { timeoutMs: 60_000 } })
    await serves(app, CALLBACK, asPage(404, ''))
    await answersByPage(app)
    expect((await app.calls('ssoSilent')).error).toMatchObject({ reason: 'login' })
  })

  story(
    'is the cause of `interaction_required`, if the refresh token was refused',
    async ({ app }) => {
      await app.isSignedIn({ scopes: SCOPES })
      await app.idp.control.revokeRefreshTokens()
      await app.starts(options)
      await serves(app, CALLBACK, withHeaders({ 'x-frame-options': 'DENY' }))
      await answersByPage(app)
      const seen = await app.page.evaluate(async () => {
        const request = { scopes: ['calendar.read'], forceRefresh: true }
        const error = await window.auth.acquireTokenSilent(request).catch((failure) => failure)
        return { code: error.code, cause: error.cause.code }
      })
      expect(seen).toEqual({ code: 'interaction_required', cause: 'redirect_page_unusable' })
    },
  )
})

for (const path of ['', CALLBACK])
  story(`An error without state ends the hidden iframe at once: /${path}`, async ({ app }) => {
    await app.starts({ redirectUri: `/${path}`, silent: { timeoutMs: 60_000 } })
    await app.idp.control.addFault({
      endpoint: 'authorization',
      fault: { kind: 'authorizationResponse', set: { error: 'access_denied', state: null } },
    })
    const { error } = await app.calls('ssoSilent')
    expect(error).toMatchObject({ code: 'access_denied', oauth: { error: 'access_denied' } })
  })

/** Adds the policy to the page. */
const forbids = ({ page }: App, policy: string) =>
  page.evaluate((content) => {
    const meta = document.createElement('meta')
    document.head.append(Object.assign(meta, { httpEquiv: 'Content-Security-Policy', content }))
  }, policy)

story('The error names a policy that forbids requests to the provider', async ({ app }) => {
  await app.starts()
  await forbids(app, "connect-src 'self'")
  const { error } = await app.calls('ssoSilent')
  expect(error).toMatchObject({ code: 'blocked_by_csp' })
  expect(error?.message).toContain(`connect-src) does not allow ${app.idp.issuer}`)
  expect(error?.hint).toContain("The page's own Content-Security-Policy blocked the request")
})

story(
  'The error names a policy that forbids the refresh, and the session stays',
  inPageOnly,
  async ({ app }) => {
    // The policy of a page does not apply to its shared worker.
    await sendsTokenRequestsItself(app.page)
    await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', { silent: { iframe: false } })
    await forbids(app, `connect-src 'self' ${app.idp.issuer}/.well-known/`)
    for (let call = 0; call < 4; call++) {
      const { error } = await app.asks(SCOPES, { forceRefresh: true })
      expect(error?.code).toBe('blocked_by_csp')
      await app.jumps(2500)
    }
    expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true)
    await app.page.reload()
    await app.starts({ clockAheadMs: 60_000 })
    expect((await app.asks(SCOPES, { forceRefresh: true })).answer?.fromCache).toBe(false)
  },
)

story('The error names a policy that forbids the iframe', async ({ app }) => {
  await app.starts()
  await forbids(app, "frame-src 'none'")
  const { error } = await app.calls('ssoSilent')
  expect(error).toMatchObject({ code: 'blocked_by_csp' })
  expect(error?.message).toContain('frame-src')
})

story('The event names a policy that forbids the worker', async ({ app }) => {
  await app.idp.control.changeSettings({ consent: 'skip', signInAs: 'alice' })
  await app.starts({ tokens: 'worker' })
  await forbids(app, "worker-src 'none'")
  const { outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
  expect((await outcome).answer?.uniqueId).toBe('alice')
  const code = await app.page.evaluate(
    () =>
      new Promise((resolve) => {
        window.auth.on('workerUnavailable', ({ cause }) =>
          resolve(window.carnet.isAuthError(cause) ? cause.code : String(cause)),
        )
      }),
  )
  expect(code).toBe('blocked_by_csp')
})

story.describe('a browser that reports `onLine: false`', () => {
  const saysOffline = () =>
    Object.defineProperty(Navigator.prototype, 'onLine', { configurable: true, get: () => false })

  for (const refreshTokens of ['always', 'never'] as const)
    story(
      `is ignored if the network works (refresh tokens: ${refreshTokens})`,
      inPageOnly,
      async ({ app }) => {
        await app.idp.control.changeSettings({ refreshTokens })
        await app.page.addInitScript(saysOffline)
        await app.isSignedIn({ scopes: SCOPES })
        await app.jumps(HOUR_MS)
        // Without cookies the iframe finds no session, but the request was sent.
        const { answer, error } = await app.asks(SCOPES)
        expect(answer?.uniqueId ?? error?.code).toMatch(/^(alice|interaction_required)$/)
        if (refreshTokens === 'always') expect(answer?.fromCache).toBe(false)
      },
    )

  story('gives `offline` if the network fails, and loses no session', async ({ app, context }) => {
    await app.isSignedIn({ scopes: SCOPES })
    await app.page.evaluate(() => window.auth.forecast())
    await context.setOffline(true)
    const { error } = await app.asks(SCOPES, { forceRefresh: true })
    expect(error).toMatchObject({ code: 'offline' })
    expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true)
    await context.setOffline(false)
    expect((await app.asks(SCOPES, { forceRefresh: true })).answer?.fromCache).toBe(false)
  })
})
