import { anotherTab } from '../../steps/app.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

story.use({ cookies: 'blocked' })

story('The first refusal in the hidden frame is learnt, and not tried again', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  await app.idp.control.revokeRefreshTokens()
  const before = (await app.requests()).authorization

  const first = await app.asks(['calendar.read'], { forceRefresh: true })
  expect(first.error).toMatchObject({
    name: 'InteractionRequiredError',
    code: 'interaction_required',
    reason: 'third_party_cookies',
  })
  expect((await app.requests()).authorization).toBe(before + 1)

  await app.page.reload()
  await app.starts()
  const second = await app.asks(['calendar.read'], { forceRefresh: true })
  expect(second.error).toMatchObject({ reason: 'third_party_cookies' })
  expect((await app.requests()).authorization).toBe(before + 1)
})

story('The recommended call goes on with a window, and the user need not type', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  await app.idp.control.revokeRefreshTokens()
  const { outcome } = await app.opensWindowBy('acquireToken', {
    scopes: ['calendar.read'],
    forceRefresh: true,
    interaction: 'popup',
  })
  expect((await outcome).answer).toMatchObject({ fromCache: false, uniqueId: 'alice' })
})

story(
  'Sign-in by popup and refresh by refresh token need no third-party cookie',
  async ({ app }) => {
    await app.starts()
    const { popup, outcome } = await app.opensWindowBy('signIn', { interaction: 'popup' })
    await signInAtProvider(popup, 'Alice Adams')
    await allowAtProvider(popup)
    expect((await outcome).answer?.uniqueId).toBe('alice')
    expect((await app.asks([], { forceRefresh: true })).answer?.fromCache).toBe(false)
  },
)

for (const [what, fault] of [
  ['never answers', { kind: 'hang' }],
  ['shows a page', { kind: 'respond', status: 200, body: '<h1>Hello</h1>' }],
] as const)
  story(`A frame that ${what} is waited for once, and not at every call`, async ({ app }) => {
    const silent = { timeoutMs: 3000 }
    await app.isSignedIn({ scopes: ['calendar.read'] }, 'Alice Adams', { silent })
    await app.idp.control.revokeRefreshTokens()
    await app.idp.control.addFault({ endpoint: 'authorization', count: 3, fault })
    const before = (await app.requests()).authorization ?? 0

    const first = await app.asks(['calendar.read'], { forceRefresh: true })
    expect(first.error).toMatchObject({ reason: 'iframe_failed' })
    const second = await app.asks(['calendar.read'], { forceRefresh: true })
    expect(second.error).toMatchObject({ reason: 'third_party_cookies' })
    await app.page.reload()
    await app.starts({ silent })
    const third = await app.asks(['calendar.read'], { forceRefresh: true })
    expect(third.error).toMatchObject({ reason: 'third_party_cookies' })
    expect((await app.requests()).authorization).toBe(before + 1)

    // Somebody who has allowed cookies and comes back is not kept from it.
    await app.idp.control.clearFaults()
    const other = await anotherTab(app)
    await other.starts({ silent })
    await other.asks(['calendar.read'], { forceRefresh: true })
    expect((await app.requests()).authorization).toBeGreaterThan(before + 1)
  })

story(
  'Joining a session says that cookies are blocked where somebody has signed in from here',
  async ({ app }) => {
    await app.idp.control.changeSettings({ consent: 'skip' })
    await app.starts()
    expect((await app.calls('ssoSilent')).error).toMatchObject({ reason: 'login' })

    const { popup, outcome } = await app.opensWindowBy('signIn', { interaction: 'popup' })
    await signInAtProvider(popup, 'Alice Adams')
    await outcome
    await app.calls('signOut', { interaction: 'none' })
    const before = (await app.requests()).authorization
    for (const request of [{}, { loginHint: 'alice@example.com' }, { domainHint: 'example.com' }])
      expect((await app.calls('ssoSilent', request)).error).toMatchObject({
        reason: 'third_party_cookies',
      })
    expect((await app.requests()).authorization).toBe((before ?? 0) + 1)
  },
)

story('A session that Alice has ended is not looked for', async ({ app }) => {
  await app.isSignedIn()
  await app.calls('signOut', { interaction: 'popup' })
  expect((await app.calls('ssoSilent')).error).toMatchObject({ reason: 'login' })
})
