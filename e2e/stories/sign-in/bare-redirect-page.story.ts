import { granted } from '../../steps/granted.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

const options = { redirectUri: '/callback.html' }

story('The bare page delivers the response of a popup and closes', async ({ app }) => {
  await app.starts(options)
  const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
  await signInAtProvider(popup, 'Alice Adams')
  await allowAtProvider(popup)
  expect((await outcome).answer?.uniqueId).toBe('alice')
  await expect.poll(() => popup.isClosed()).toBe(true)
})

story('The bare page continues to the app after a sign-out by redirect', async ({ app, world }) => {
  await app.isSignedIn()
  await app.leavesBy('signOut', { postLogoutRedirectUri: '/callback.html' })
  await app.hasReloaded()
  await app.page.waitForURL((url) => url.pathname === '/')
  expect(app.page.url()).toBe(world.bareUrl)
  expect((await app.starts()).answer?.username).toBeUndefined()
})

story('The bare page forwards the response of a redirect to the app', async ({ app, world }) => {
  await app.page.goto(`${world.bareUrl}invoices/7`)
  await app.idp.control.changeSettings({ consent: 'skip' })
  await app.starts(options)
  await app.leavesBy('signIn', { state: 'kept' })
  await app.signsInAtProvider()
  expect((await app.starts(options)).answer?.username).toBe('alice@example.com')
  expect(app.page.url()).toBe(`${world.bareUrl}invoices/7`)
  expect(await app.page.evaluate(() => window.auth.redirectResult?.state)).toBe('kept')
})

story(
  'A page with functions passes a response on, and leaves a redirect to the app',
  async ({ app, world }) => {
    const functions = { redirectUri: '/functions.html', response: 'leave' } as const
    await app.starts(functions)
    const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
    const closing = popup.waitForEvent('close')
    await signInAtProvider(popup, 'Alice Adams')
    await allowAtProvider(popup)
    expect((await outcome).answer?.uniqueId).toBe('alice')
    await closing

    await app.idp.control.changeSettings({ consent: 'skip', signInAs: 'alice' })
    await app.leavesBy('signIn', { state: 'kept' })
    await app.page.waitForURL(/functions\.html.*code=/)
    await expect(app.page).toHaveTitle('redirect')
    const address = app.page.url()
    await app.page.goto(world.bareUrl)
    await app.starts(functions)
    const result = await app.page.evaluate(
      (given) => window.auth.completeRedirect(given).then((answer) => answer?.state),
      address,
    )
    expect(result).toBe('kept')

    await app.leavesBy('signOut', { postLogoutRedirectUri: '/functions.html' })
    await app.page.waitForURL(/functions\.html$/)
    await expect(app.page).toHaveTitle('signedOut')
    await app.page.goto(`${world.bareUrl}functions.html?page=2`)
    await expect(app.page).toHaveTitle('none')
  },
)

story.describe('with third-party cookies', () => {
  story.use({ cookies: 'allowed' })

  story('The bare page delivers the response of a hidden iframe', async ({ app }) => {
    await app.isSignedIn({}, 'Alice Adams', options)
    const { answer } = await app.calls('ssoSilent', { scopes: ['mail.read'] })
    expect(answer).toMatchObject({ uniqueId: 'alice', scopes: granted('mail.read') })
    expect(await app.page.locator('iframe').count()).toBe(0)
  })
})
