import { type IdentityProvider, startIdentityProvider } from '@carnet/idp'
import { type App, createApp } from '../../steps/app.ts'
import { story as base, expect } from '../../world.ts'

const SCOPES = ['calendar.read']

/** A second provider that knows another app by the client id `spa`, on the same origin as the first app. */
const story = base.extend<object, { globex: IdentityProvider }>({
  globex: [
    async ({ world }, use) => {
      const clients = [{ clientId: 'spa', redirectUris: [world.bareUrl] }]
      const globex = await startIdentityProvider({ clients })
      await use(globex)
      await globex.close()
    },
    { scope: 'worker' },
  ],
})

/** The app of Globex in a separate tab. */
async function appOfGlobex(app: App, globex: IdentityProvider): Promise<App> {
  const page = await app.page.context().newPage()
  await page.goto(app.world.bareUrl)
  const defaults = { ...app.defaults, authority: globex.issuer }
  return createApp(page, { ...app.world, idp: globex }, defaults)
}

/** Records the events of the tab about accounts and tokens. */
const listens = ({ page }: App) =>
  page.evaluate(() => {
    window.heard = []
    const names = ['accountAdded', 'accountRemoved', 'activeAccountChanged', 'signedOut'] as const
    for (const name of names) window.auth.on(name, () => window.heard.push({ name }))
    for (const name of ['tokenAcquired', 'tokenRenewed'] as const)
      window.auth.on(name, ({ tab }) => window.heard.push({ name, tab }))
  })
const heard = ({ page }: App) => page.evaluate(() => window.heard.map(({ name }) => name))
const usernames = ({ page }: App) =>
  page.evaluate(() => window.auth.accounts.map(({ username }) => username))

story('A user of one provider is not signed in at another provider', async ({ app, globex }) => {
  await app.isSignedIn({ scopes: SCOPES })
  const other = await appOfGlobex(app, globex)
  expect((await other.starts()).answer?.username).toBeUndefined()
  expect(await usernames(other)).toEqual([])
  for (const request of [{ scopes: SCOPES }, { scopes: SCOPES, forceRefresh: true }]) {
    const { error } = await other.calls('acquireTokenSilent', request)
    expect(error).toMatchObject({ code: 'interaction_required', reason: 'no_account' })
  }

  await other.isSignedIn({ scopes: SCOPES }, 'Bob Brown')
  expect(await usernames(other)).toEqual(['bob@example.com'])
  const { answer } = await other.calls('acquireTokenSilent', { scopes: SCOPES })
  expect(answer).toMatchObject({ fromCache: true, authority: globex.issuer, uniqueId: 'bob' })

  await app.page.reload()
  expect((await app.starts()).answer?.username).toBe('alice@example.com')
  expect(await usernames(app)).toEqual(['alice@example.com'])
  const alices = await app.calls('acquireTokenSilent', { scopes: SCOPES })
  expect(alices.answer).toMatchObject({ authority: app.idp.issuer, uniqueId: 'alice' })
  expect(alices.answer?.accessToken).not.toBe(answer?.accessToken)
})

story('A tab gets no event about users of another provider', async ({ app, globex }) => {
  await app.isSignedIn({ scopes: SCOPES })
  await listens(app)
  const other = await appOfGlobex(app, globex)
  await other.isSignedIn({ scopes: SCOPES }, 'Bob Brown')
  await other.calls('acquireTokenSilent', { scopes: SCOPES, forceRefresh: true })
  await other.calls('signOut', { interaction: 'none' })
  expect(await heard(app)).toEqual([])
  expect((await app.calls('acquireTokenSilent', { scopes: SCOPES })).answer?.uniqueId).toBe('alice')

  const same = createApp(other.page, app.world, app.defaults)
  await same.starts()
  await same.calls('signOut', { interaction: 'none' })
  await expect.poll(() => heard(app)).toContain('signedOut')
})

story('A provider cannot end a session of another provider', async ({ app, globex }) => {
  await app.isSignedIn({ scopes: SCOPES })
  const sid = await app.page.evaluate(() => String(window.auth.activeAccount?.idTokenClaims.sid))
  const frame = await app.page.context().newPage()
  await frame.goto(app.world.demoUrl)
  const ends = async (iss: string) => {
    const query = new URLSearchParams({ iss, sid })
    await frame.evaluate((url) => {
      const logout = document.createElement('iframe')
      logout.src = url
      document.documentElement.append(logout)
      return new Promise((resolve) => logout.addEventListener('load', resolve))
    }, `${app.world.bareUrl}callback.html?${query}`)
  }
  await ends(globex.issuer)
  await app.page.reload()
  expect((await app.starts()).answer?.username).toBe('alice@example.com')
  await ends(app.idp.issuer)
  await expect.poll(() => usernames(app)).toEqual([])
})

story('Two tabs each complete the response of their own provider', async ({ app, globex }) => {
  const other = await appOfGlobex(app, globex)
  for (const [one, name] of [
    [app, 'alice'],
    [other, 'bob'],
  ] as const) {
    await one.idp.control.changeSettings({ consent: 'skip', signInAs: name })
    await one.starts()
    await one.leavesBy('signIn', { scopes: SCOPES })
    await one.page.waitForURL(/#.*state=/)
  }
  // The client of the other provider has no pending request here, so it keeps the address.
  const foreign = createApp(app.page, { ...app.world, idp: globex }, other.defaults)
  expect((await foreign.starts()).answer?.username).toBeUndefined()
  expect(app.page.url()).toMatch(/#.*state=/)
  expect((await app.starts()).answer?.username).toBe('alice@example.com')
  expect((await other.starts()).answer?.username).toBe('bob@example.com')
})
