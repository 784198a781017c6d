import { answersByPage } from '../../steps/answers-by-page.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

const HOUR_MS = 3_600_000

story.use({ cookies: 'allowed' })

story('The hidden iframe replaces a refused refresh token', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  await app.idp.control.revokeRefreshTokens()
  await app.starts({ clockAheadMs: HOUR_MS })

  const { answer } = await app.asks(['calendar.read'])
  expect(answer).toMatchObject({ fromCache: false, uniqueId: 'alice' })
  expect(answer?.scopes).toContain('calendar.read')
  expect(await app.page.locator('iframe').count()).toBe(0)
  expect((await app.asks(['calendar.read'], { forceRefresh: true })).answer?.fromCache).toBe(false)
  expect(await app.requests()).toMatchObject({ authorization: 2, authorization_code: 2 })
})

story('Alice joins her session at the provider', async ({ app }) => {
  await app.isSignedIn()
  await app.calls('signOut', { interaction: 'none' })
  expect(await app.page.evaluate(() => window.auth.activeAccount)).toBeNull()

  for (const request of [{}, { loginHint: 'alice@example.com', scopes: ['mail.read'] }]) {
    const { answer } = await app.calls('ssoSilent', request)
    expect(answer?.account.username).toBe('alice@example.com')
  }
  expect(await app.page.evaluate(() => window.auth.activeAccount?.homeAccountId)).toBe('alice')
})

story('A silent sign-in keeps the active account', async ({ app }) => {
  await app.isSignedIn({}, 'Bob Brown')
  await app.calls('signOut', { interaction: 'none' })
  await app.calls('ssoSilent')
  await app.page.evaluate(() => window.auth.setActiveAccount(null))
  // No account is active, so the new account becomes active.
  expect((await app.calls('ssoSilent')).answer?.uniqueId).toBe('bob')
  expect(await app.page.evaluate(() => window.auth.activeAccount?.homeAccountId)).toBe('bob')

  const { popup, outcome } = await app.opensPopupBy('signIn', {
    interaction: 'popup',
    prompt: 'login',
  })
  await signInAtProvider(popup, 'Alice Adams')
  await outcome
  await app.page.evaluate(() => {
    const bob = window.auth.accounts.find(({ homeAccountId }) => homeAccountId === 'bob')
    window.auth.setActiveAccount(bob ?? null)
  })
  expect((await app.calls('ssoSilent')).answer?.uniqueId).toBe('alice')
  expect(await app.page.evaluate(() => window.auth.activeAccount?.homeAccountId)).toBe('bob')
})

story(
  'A report-only violation, or the violation of another frame, does not end the hidden iframe',
  async ({ app }) => {
    await app.isSignedIn()
    const answer = await app.page.evaluate(async () => {
      const asking = window.auth.ssoSilent()
      while (!document.querySelector('iframe')) await new Promise((next) => setTimeout(next))
      const frame = { violatedDirective: 'frame-src', effectiveDirective: 'frame-src' }
      for (const event of [
        { ...frame, disposition: 'report', blockedURI: window.authority },
        { ...frame, disposition: 'enforce', blockedURI: 'https://ads.example/' },
      ] as const)
        document.dispatchEvent(
          new SecurityPolicyViolationEvent('securitypolicyviolation', {
            ...event,
            documentURI: location.href,
            originalPolicy: 'frame-src',
            statusCode: 200,
          }),
        )
      return (await asking).uniqueId
    })
    expect(answer).toBe('alice')
  },
)

story(
  'The hidden iframe learns once that consent is missing, and is not used again',
  async ({ app }) => {
    await app.idp.control.changeSettings({ refreshTokens: 'never' })
    await app.starts()
    await app.leavesBy('signIn')
    await signInAtProvider(app.page, 'Alice Adams')
    await allowAtProvider(app.page)
    await app.returnsTo()
    await app.starts()
    await app.idp.control.resetStats()
    for (let call = 0; call < 3; call++)
      expect((await app.asks(['mail.read'])).error).toMatchObject({ reason: 'consent' })
    expect((await app.requests()).authorization).toBe(1)
  },
)

story('Alice joins by the id of her session, and by her domain', async ({ app }) => {
  await app.isSignedIn()
  const sid = await app.page.evaluate(() => window.auth.activeAccount?.idTokenClaims.sid)
  expect(sid).toEqual(expect.any(String))
  await app.calls('signOut', { interaction: 'none' })
  expect((await app.calls('ssoSilent', { sid })).answer?.uniqueId).toBe('alice')

  await app.calls('signOut', { interaction: 'none' })
  const asking = app.page.waitForRequest(/prompt=none/)
  const joining = app.calls('ssoSilent', { domainHint: 'example.com' })
  expect(new URL((await asking).url()).searchParams.get('domain_hint')).toBe('example.com')
  expect((await joining).answer?.uniqueId).toBe('alice')
})

story('The session of another user causes no sign-in', async ({ app }) => {
  await app.isSignedIn()
  await app.calls('signOut', { interaction: 'none' })
  const { error } = await app.calls('ssoSilent', { sid: 'another' })
  expect(error).toMatchObject({ code: 'interaction_required', reason: 'account_selection' })
  expect(await app.page.evaluate(() => window.auth.accounts.length)).toBe(0)
})

story('Two concurrent calls, as in StrictMode, share one iframe', async ({ app }) => {
  await app.isSignedIn()
  const before = await app.requests()
  const tokens = await app.page.evaluate(async () => {
    const again = await window.carnet.createAuthClient({
      clientId: 'spa',
      authority: window.authority,
    })
    const clients = [window.auth, window.auth, again]
    const answers = await Promise.all(clients.map((client) => client.ssoSilent()))
    return answers.map(({ accessToken }) => accessToken)
  })
  expect(new Set(tokens).size).toBe(1)
  expect((await app.requests()).authorization).toBe((before.authorization ?? 0) + 1)
})

story('The page of the response in the iframe may be slow', async ({ app }) => {
  await app.starts()
  // A page of the provider redirects by script to an app with a slow script.
  await answersByPage(app)
  await app.page.route('**/assets/main-*.js', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 3000))
    await route.continue()
  })
  const { error } = await app.calls('ssoSilent')
  expect(error).toMatchObject({ code: 'interaction_required', reason: 'login' })
})

story('Two clients of a page each have their hidden iframe', async ({ app }) => {
  await app.isSignedIn()
  // In the iframe, the page first creates the client of the cache `carnet`, and waits for it.
  await app.starts({ cache: { location: 'indexeddb', name: 'second' } })
  expect((await app.calls('ssoSilent')).answer?.uniqueId).toBe('alice')
})

story('There is no session to join', async ({ app }) => {
  await app.starts()
  const { error } = await app.calls('ssoSilent')
  expect(error).toMatchObject({
    code: 'interaction_required',
    reason: 'login',
    oauth: { error: 'login_required' },
  })
  expect(await app.page.locator('iframe').count()).toBe(0)
})

story('If iframes worked before, the error states that the session ended', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  await app.idp.control.revokeRefreshTokens()
  await app.asks(['calendar.read'], { forceRefresh: true })
  await app.idp.control.revokeRefreshTokens()
  await app.idp.control.endSessions()

  const { error } = await app.asks(['calendar.read'], { forceRefresh: true })
  expect(error).toMatchObject({ code: 'interaction_required', reason: 'login' })
})

story('The session of another user gives no token', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  await app.leavesBy('signIn', { prompt: 'login' })
  await app.signsInAtProvider('Bob Brown')
  await app.starts()
  const bobs = await app.asks(['calendar.read'])
  expect(bobs.answer?.uniqueId).toBe('bob')

  await app.idp.control.revokeRefreshTokens({ username: 'alice' })
  const { error, answer } = await app.page.evaluate(async () => {
    const account = window.auth.accounts.find(({ homeAccountId }) => homeAccountId === 'alice')
    const request = { scopes: ['calendar.read'], forceRefresh: true, ...(account && { account }) }
    return window.auth.acquireTokenSilent(request).then(
      ({ uniqueId }) => ({ answer: uniqueId, error: undefined }),
      (failure) => ({ answer: undefined, error: window.seen(failure) }),
    )
  })
  expect(answer).toBeUndefined()
  expect(error?.code).toBe('interaction_required')
})

const failures = [
  ['a page that forbids iframes', { frameOptions: 'DENY' }],
  ['a page in the iframe', { frameOptions: null }],
] as const

for (const [what, settings] of failures) {
  story(`The provider responds in the iframe with ${what}`, async ({ app }) => {
    await app.starts()
    await app.idp.control.changeSettings(settings)
    await app.idp.control.addFault({
      endpoint: 'authorization',
      fault: {
        kind: 'respond',
        status: 200,
        headers: {
          'content-type': 'text/html',
          ...(settings.frameOptions ? { 'x-frame-options': settings.frameOptions } : {}),
        },
        body: '<h1>Sign in</h1>',
      },
    })
    const { error } = await app.calls('ssoSilent')
    expect(error).toMatchObject({ code: 'iframe_refused' })
    expect(await app.page.locator('iframe').count()).toBe(0)
  })
}

story('The provider never responds in the iframe', async ({ app }) => {
  await app.starts({ silent: { timeoutMs: 1000 } })
  await app.idp.control.addFault({ endpoint: 'authorization', fault: { kind: 'hang' } })
  const { error } = await app.calls('ssoSilent')
  expect(error).toMatchObject({ code: 'iframe_timeout' })
  expect(error?.message).toContain('hidden iframe')
  expect(await app.page.locator('iframe').count()).toBe(0)
})

story('The token request of an iframe fails with its own error', async ({ app }) => {
  await app.isSignedIn()
  await app.idp.control.addFault({
    endpoint: 'token',
    fault: { kind: 'respond', status: 500, body: 'no' },
  })
  expect((await app.calls('ssoSilent')).error).toMatchObject({ code: 'server_error' })
})
