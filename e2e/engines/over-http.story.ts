import { startEntraProvider } from '@carnet/idp'
import { createAppIn } from './app-in-a-tab.ts'
import { comes, type Tab } from './drivers/driver.ts'
import { engineStory, expect } from './world.ts'

const isAt = (tab: Tab, start: string) =>
  comes(
    `An address that starts with ${start}`,
    async () => (await tab.url()).startsWith(start) || undefined,
  )

const reads = (tab: Tab, text: string) =>
  expect
    .poll(() => tab.evaluate(() => document.body.textContent).catch(String), { timeout: 30_000 })
    .toContain(text)

engineStory(
  'The demo works with the provider over http',
  async ({ engine, world: { demoUrl } }) => {
    const tab = await engine.openTab(demoUrl)
    await tab.click('Sign in')
    await tab.fill('username', 'bob')
    await tab.fill('password', 'password')
    await tab.click('Sign in')
    await tab.click('Allow')
    await reads(tab, 'Bob Brown')
    await tab.click('Show my calendar')
    await tab.click('Allow')
    await reads(tab, 'calendar.read')
    await tab.reload()
    await reads(tab, 'Bob Brown')
    await tab.click('Sign out')
    await isAt(tab, demoUrl)
    await reads(tab, 'Sign in')
  },
)

engineStory(
  'A cross-site iframe finds the session over http, if the browser allows third-party cookies',
  async ({ engine, world: { idp, bareUrl } }) => {
    await idp.control.changeSettings({ consent: 'skip' })
    const app = createAppIn(engine, await engine.openTab(bareUrl))
    await app.starts()
    await app.presses('signIn')
    await app.tab.click('Continue as Alice Adams')
    await isAt(app.tab, bareUrl)
    await app.starts()
    await app.presses('signOut', { interaction: 'none' })
    await app.outcome()
    await app.presses('ssoSilent')
    const { answer, error } = await app.outcome()
    expect(['Alice Adams', 'third_party_cookies']).toContain(answer?.account.name ?? error?.reason)
  },
)

engineStory(
  'The Entra-like provider keeps its session over http',
  async ({ engine, world: { bareUrl } }) => {
    const clients = [{ clientId: 'spa', redirectUris: [bareUrl] }]
    const entra = await startEntraProvider({ clients, settings: { consent: 'skip' } })
    const app = createAppIn(engine, await engine.openTab(bareUrl), {
      authority: entra.authority('home'),
      authorityProfile: 'entra',
    })
    await app.starts()
    await app.presses('signIn')
    await app.tab.click('Continue as Alice Adams')
    await isAt(app.tab, bareUrl)
    expect((await app.starts()).accounts).toEqual(['Alice Adams'])

    await app.presses('signOut', { interaction: 'none' })
    await app.outcome()
    await app.tab.reload()
    await app.starts()
    // The provider has a session, so no click is needed.
    await app.presses('signIn')
    await comes('The response', async () => /#.*code=/.test(await app.tab.url()) || undefined)
    expect((await app.starts()).accounts).toEqual(['Alice Adams'])
    await entra.close()
  },
)
