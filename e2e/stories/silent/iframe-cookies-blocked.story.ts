import { anotherTab } from '../../steps/app.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

story.use({ cookies: 'blocked' })

story('The client remembers the first refusal in the hidden iframe', async ({ app }) => {
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

story('The recommended call continues by popup, and the user types nothing', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  await app.idp.control.revokeRefreshTokens()
  const { outcome } = await app.opensPopupBy('acquireToken', {
    scopes: ['calendar.read'],
    forceRefresh: true,
    interaction: 'popup',
  })
  expect((await outcome).answer).toMatchObject({ fromCache: false, uniqueId: 'alice' })
})

story('Sign-in by popup and the refresh grant need no third-party cookie', async ({ app }) => {
  await app.starts()
  const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
  await signInAtProvider(popup, 'Alice Adams')
  await allowAtProvider(popup)
  expect((await outcome).answer?.uniqueId).toBe('alice')
  expect((await app.asks([], { forceRefresh: true })).answer?.fromCache).toBe(false)
})

for (const [what, fault] of [
  ['never responds', { kind: 'hang' }],
  ['shows a page', { kind: 'respond', status: 200, body: '<h1>Hello</h1>' }],
] as const)
  story(`An iframe that ${what} costs one timeout, not one per call`, async ({ app }) => {
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

    // A user who allows cookies later can use the iframe again.
    await app.idp.control.clearFaults()
    const other = await anotherTab(app)
    await other.starts({ silent })
    await other.asks(['calendar.read'], { forceRefresh: true })
    expect((await app.requests()).authorization).toBeGreaterThan(before + 1)
  })

story(
  '`ssoSilent` reports blocked cookies if a user has signed in here before',
  async ({ app }) => {
    await app.idp.control.changeSettings({ consent: 'skip' })
    await app.starts()
    expect((await app.calls('ssoSilent')).error).toMatchObject({ reason: 'login' })

    const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
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

story('`ssoSilent` does not search a session that Alice ended', async ({ app }) => {
  await app.isSignedIn()
  await app.calls('signOut', { interaction: 'popup' })
  expect((await app.calls('ssoSilent')).error).toMatchObject({ reason: 'login' })
})
