import { granted } from '../steps/granted.ts'
import { allowAtProvider, signInAtProvider } from '../steps/provider-pages.ts'
import { expect, story } from '../world.ts'

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

for (const page of ['callback.html', '']) {
  story(
    `The provider ends a session in a frame at /${page}: the account is gone in every tab`,
    async ({ app, context, world }) => {
      await app.isSignedIn({ scopes: ['calendar.read'] })
      const sid = await app.page.evaluate(() => window.auth.activeAccount?.idTokenClaims.sid)
      const other = await context.newPage()
      await other.goto(world.demoUrl) // Another origin of the same site, as a provider may be.
      const endsSession = async (session: unknown) => {
        const query = new URLSearchParams({ iss: world.idp.issuer, sid: String(session) })
        await other.evaluate((url) => {
          const frame = document.createElement('iframe')
          frame.src = url
          document.documentElement.append(frame) // The demo renders its body anew.
          return new Promise((resolve) => frame.addEventListener('load', resolve))
        }, `${world.bareUrl}${page}?${query}`)
      }
      const accounts = () => app.page.evaluate(() => window.auth.accounts.length)

      await endsSession('somebody-elses')
      expect(await accounts()).toBe(1)
      await endsSession(sid)
      await expect.poll(accounts).toBe(0)
      expect((await app.asks(['calendar.read'])).error).toMatchObject({ reason: 'no_account' })
      await app.page.reload()
      expect((await app.starts()).answer?.username).toBeUndefined()
    },
  )
}
