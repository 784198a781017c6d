import { granted } from '../../steps/granted.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

const options = { redirectUri: '/callback.html' }

story('A popup comes back to the bare page, which hands over and closes', async ({ app }) => {
  await app.starts(options)
  const { popup, outcome } = await app.opensWindowBy('signIn', { interaction: 'popup' })
  await signInAtProvider(popup, 'Alice Adams')
  await allowAtProvider(popup)
  expect((await outcome).answer?.uniqueId).toBe('alice')
  await expect.poll(() => popup.isClosed()).toBe(true)
})

story(
  'A sign-out by redirect comes back to the bare page, which goes on to the app',
  async ({ app, world }) => {
    await app.isSignedIn()
    await app.leavesBy('signOut', { postLogoutRedirectUri: '/callback.html' })
    await app.isLoadedAnew()
    await app.page.waitForURL((url) => url.pathname === '/')
    expect(app.page.url()).toBe(world.bareUrl)
    expect((await app.starts()).answer?.username).toBeUndefined()
  },
)

story(
  'A redirect comes back to the bare page, which sends the response on to the app',
  async ({ app, world }) => {
    await app.page.goto(`${world.bareUrl}invoices/7`)
    await app.idp.control.changeSettings({ consent: 'skip' })
    await app.starts(options)
    await app.leavesBy('signIn', { state: 'kept' })
    await app.signsInAtProvider()
    expect((await app.starts(options)).answer?.username).toBe('alice@example.com')
    expect(app.page.url()).toBe(`${world.bareUrl}invoices/7`)
    expect(await app.page.evaluate(() => window.auth.redirectResult?.state)).toBe('kept')
  },
)

story.describe('with third-party cookies', () => {
  story.use({ cookies: 'allowed' })

  story('A hidden frame comes back to the bare page', async ({ app }) => {
    await app.isSignedIn({}, 'Alice Adams', options)
    const { answer } = await app.calls('ssoSilent', { scopes: ['mail.read'] })
    expect(answer).toMatchObject({ uniqueId: 'alice', scopes: granted('mail.read') })
    expect(await app.page.locator('iframe').count()).toBe(0)
  })
})
