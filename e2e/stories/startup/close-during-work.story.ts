import type { App } from '../../steps/app.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

/** Delays the responses of the provider's `endpoint` by half a second. */
const slow = (app: App, endpoint: string) =>
  app.page.route(`${app.idp.issuer}/${endpoint}`, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 500))
    await route.continue()
  })

story('A client that closes during a renewal stores its tokens', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  await app.idp.control.changeSettings({ latencyMs: { token: 500 } })
  await app.page.evaluate(async () => {
    const renewing = window.auth.acquireTokenSilent({
      scopes: ['calendar.read'],
      forceRefresh: true,
    })
    setTimeout(() => window.auth.close(), 100)
    await renewing
  })
  await app.starts()
  const { answer, error } = await app.asks(['calendar.read'], { forceRefresh: true })
  expect(error).toBeUndefined()
  expect(answer?.uniqueId).toBe('alice')
})

story('A redirect that starts before the client closes completes', async ({ app }) => {
  await app.idp.control.changeSettings({ consent: 'skip' })
  await slow(app, '.well-known/openid-configuration')
  await app.starts()
  await app.leavesBy('signIn')
  await app.page.evaluate(() => window.auth.close())
  await app.signsInAtProvider()
  expect(await app.starts()).toMatchObject({ answer: { username: expect.any(String) } })
})

story('A popup that opens before the client closes completes', async ({ app }) => {
  await app.starts()
  const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
  await expect(popup.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
  await app.page.evaluate(() => window.auth.close())
  await signInAtProvider(popup, 'Alice Adams')
  await allowAtProvider(popup)
  expect((await outcome).answer?.uniqueId).toBe('alice')
  expect((await app.starts()).answer?.username).toBeDefined()
})

story('A queued request opens no popup after the client closes', async ({ app, context }) => {
  await app.starts()
  const { popup, outcome } = await app.opensPopupBy('acquireTokenPopup', { scopes: [] })
  await expect(popup.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
  const waiting = app.calls('acquireTokenPopup', { scopes: ['mail.read'] })
  await app.page.evaluate(() => window.auth.close())
  await signInAtProvider(popup, 'Alice Adams')
  await allowAtProvider(popup)
  await outcome
  expect((await waiting).error).toMatchObject({ code: 'client_closed' })
  expect(context.pages()).toHaveLength(1)
})
