import { type App, anotherTab, createApp } from '../../steps/app.ts'
import { expect, story } from '../../world.ts'

const SCOPES = ['calendar.read']
const OWN = { activeAccount: 'tab' } as const

const active = ({ page }: App) =>
  page.evaluate(() => window.auth.activeAccount?.homeAccountId ?? null)
const asks = async (app: App, forceRefresh = false) =>
  (await app.calls('acquireTokenSilent', { scopes: SCOPES, forceRefresh })).answer?.uniqueId

/** Records the account events of the tab, and the users of its tokens, in order. */
const listens = ({ page }: App) =>
  page.evaluate(() => {
    window.heard = []
    for (const name of ['accountAdded', 'activeAccountChanged'] as const)
      window.auth.on(name, ({ account }) =>
        window.heard.push({ name, tab: `${account?.username}` }),
      )
  })
const heard = ({ page }: App) =>
  page.evaluate(() => window.heard.map(({ name, tab = '' }) => `${name} ${tab.split('@')[0]}`))

/** Alice works in one tab, and Bob signs in to the same app in another tab. */
async function aliceThenBob(app: App, options: typeof OWN | object): Promise<App> {
  await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', options)
  await listens(app)
  const other = createApp((await anotherTab(app)).page, app.world, { ...app.defaults, ...options })
  await app.page.context().clearCookies() // The provider would continue the session of Alice.
  await other.isSignedIn({ scopes: SCOPES }, 'Bob Brown', options)
  expect(await active(other)).toBe('bob')
  await expect.poll(() => heard(app)).toContain('accountAdded bob')
  return other
}

story("With `activeAccount: 'tab'` each tab keeps its own user", async ({ app, world }) => {
  const other = await aliceThenBob(app, OWN)
  expect([await active(app), await active(other)]).toEqual(['alice', 'bob'])
  expect([await asks(app), await asks(other)]).toEqual(['alice', 'bob'])
  expect([await asks(app, true), await asks(other, true)]).toEqual(['alice', 'bob'])
  expect(await heard(app)).toEqual(['accountAdded bob'])

  await app.page.reload()
  expect((await app.starts(OWN)).answer?.username).toBe('alice@example.com')
  expect(await asks(app)).toBe('alice')

  // A popup starts with a copy of the `sessionStorage` of its opener, as a duplicated tab does.
  const opening = app.page.waitForEvent('popup')
  await app.page.evaluate((url) => void window.open(url), world.bareUrl)
  const duplicate = createApp(await opening, world, app.defaults)
  await duplicate.page.waitForFunction(() => 'carnet' in window)
  expect((await duplicate.starts(OWN)).answer?.username).toBe('alice@example.com')

  const fresh = await anotherTab(app)
  expect((await fresh.starts(OWN)).answer?.username).toBe('bob@example.com')
})

story('The `sessionStorage` of a tab holds an account key, and no token', async ({ app }) => {
  await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', OWN)
  const kept = await app.page.evaluate(() =>
    Object.entries({ ...sessionStorage }).filter(([name]) => name.startsWith('carnet.active')),
  )
  expect(kept).toHaveLength(1)
  const { host } = new URL(app.idp.issuer)
  expect(kept[0]?.[1]).toBe(`${host}|alice|`)
})

story(
  'After a sign-out in her tab, the user of another tab does not take over',
  async ({ app }) => {
    const other = await aliceThenBob(app, OWN)
    await app.calls('signOut', { interaction: 'none' })
    await app.page.reload()
    expect((await app.starts(OWN)).answer?.username).toBeUndefined()
    expect(await app.page.evaluate(() => window.auth.accounts.length)).toBe(1)
    expect(await asks(other)).toBe('bob')
  },
)

story(
  'By default a tab gets the event of a new user before a token of that user',
  async ({ app }) => {
    await app.isSignedIn({ scopes: SCOPES })
    await listens(app)
    await app.page.evaluate((scopes) => {
      // The app calls all the time, so it would see the first token of Bob at once.
      const ask = () =>
        window.auth.acquireTokenSilent({ scopes }).then(({ uniqueId }) => {
          if (window.heard.at(-1)?.name !== uniqueId) window.heard.push({ name: uniqueId })
        })
      window.calling = setInterval(() => void ask().catch(() => undefined), 1)
    }, SCOPES)
    const other = await anotherTab(app)
    await app.page.context().clearCookies()
    await other.isSignedIn({ scopes: SCOPES }, 'Bob Brown')
    const names = () => app.page.evaluate(() => window.heard.map(({ name }) => name))
    await expect.poll(names).toContain('bob')
    await app.page.evaluate(() => clearInterval(window.calling))
    const all = await names()
    expect(all.indexOf('activeAccountChanged')).toBeLessThan(all.indexOf('bob'))
    expect(all.slice(all.indexOf('bob'))).not.toContain('alice')
  },
)
