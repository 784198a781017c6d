import { type App, anotherTab, createApp } from '../../steps/app.ts'
import { expect, story } from '../../world.ts'

const SCOPES = ['calendar.read']
const OWN = { activeAccount: 'tab' } as const

const active = ({ page }: App) =>
  page.evaluate(() => window.auth.activeAccount?.homeAccountId ?? null)
const asks = async (app: App, forceRefresh = false) =>
  (await app.calls('acquireTokenSilent', { scopes: SCOPES, forceRefresh })).answer?.uniqueId

/** Writes down what the tab hears about accounts, and whose tokens it is given, in their order. */
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

/** Alice works in one tab; Bob signs in to the same app in another one. */
async function aliceThenBob(app: App, options: typeof OWN | object): Promise<App> {
  await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', options)
  await listens(app)
  const other = createApp((await anotherTab(app)).page, app.world, { ...app.defaults, ...options })
  await app.page.context().clearCookies() // The provider would go on with Alice.
  await other.isSignedIn({ scopes: SCOPES }, 'Bob Brown', options)
  expect(await active(other)).toBe('bob')
  await expect.poll(() => heard(app)).toContain('accountAdded bob')
  return other
}

story('Each tab keeps its own user where the app wants that', async ({ app, world }) => {
  const other = await aliceThenBob(app, OWN)
  expect([await active(app), await active(other)]).toEqual(['alice', 'bob'])
  expect([await asks(app), await asks(other)]).toEqual(['alice', 'bob'])
  expect([await asks(app, true), await asks(other, true)]).toEqual(['alice', 'bob'])
  expect(await heard(app)).toEqual(['accountAdded bob'])

  await app.page.reload()
  expect((await app.starts(OWN)).answer?.username).toBe('alice@example.com')
  expect(await asks(app)).toBe('alice')

  // A window that a page opens begins with a copy of its `sessionStorage`, as a duplicated tab does.
  const opening = app.page.waitForEvent('popup')
  await app.page.evaluate((url) => void window.open(url), world.bareUrl)
  const duplicate = createApp(await opening, world, app.defaults)
  await duplicate.page.waitForFunction(() => 'carnet' in window)
  expect((await duplicate.starts(OWN)).answer?.username).toBe('alice@example.com')

  const fresh = await anotherTab(app)
  expect((await fresh.starts(OWN)).answer?.username).toBe('bob@example.com')
})

story('What a tab keeps of its user names an account, and holds no token', async ({ app }) => {
  await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', OWN)
  const kept = await app.page.evaluate(() =>
    Object.entries({ ...sessionStorage }).filter(([name]) => name.startsWith('carnet.active')),
  )
  expect(kept).toHaveLength(1)
  const { host } = new URL(app.idp.issuer)
  expect(kept[0]?.[1]).toBe(`${host}|alice|`)
})

story('A user who signs out in her tab is not followed by the user of another', async ({ app }) => {
  const other = await aliceThenBob(app, OWN)
  await app.calls('signOut', { interaction: 'none' })
  await app.page.reload()
  expect((await app.starts(OWN)).answer?.username).toBeUndefined()
  expect(await app.page.evaluate(() => window.auth.accounts.length)).toBe(1)
  expect(await asks(other)).toBe('bob')
})

story(
  'By default a tab is told of another user before it gets a token of theirs',
  async ({ app }) => {
    await app.isSignedIn({ scopes: SCOPES })
    await listens(app)
    await app.page.evaluate((scopes) => {
      // An app that asks all the time; it would see Bob's token in the first moment in which there is one.
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
