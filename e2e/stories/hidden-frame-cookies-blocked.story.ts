import { allowAtProvider, signInAtProvider } from '../steps/provider-pages.ts'
import { expect, story } from '../world.ts'

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
