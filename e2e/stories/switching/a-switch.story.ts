import type { Page } from '@playwright/test'
import { type EntraWorld, expect, entraStory as story } from '../../entra-world.ts'
import { type App, anotherTab } from '../../steps/app.ts'
import { migrates, signsInWithMsal, startsMsal, storedKeys } from '../../steps/earlier.ts'

const scopes = ['User.Read']
const place = 'localStorage'
const version = '5.29.0'
const optionsOf = ({ idp }: EntraWorld, clientId = 'spa') =>
  ({ clientId, authority: idp.authority('home'), authorityProfile: 'entra' }) as const

async function signsIn({ page }: App, world: EntraWorld, clientId = 'spa', name?: string) {
  await world.idp.control.changeSettings({ consent: 'skip' })
  await world.idp.control.endSessions({}) // Then the page of the provider is the same each time.
  const earlier = { version, place, authority: world.idp.authority('home'), clientId } as const
  await signsInWithMsal(page, world.bareUrl, earlier, [scopes], name)
}

/** Loads the app before its switch, and returns the accounts of the earlier library. */
async function earlierAccounts(page: Page, { idp, bareUrl }: EntraWorld, clientId = 'spa') {
  await page.goto(`${bareUrl}earlier.html`)
  await startsMsal(page, version, { place, authority: idp.authority('home'), clientId })
  return page.evaluate(() => window.earlierMsal.getAllAccounts().map(({ username }) => username))
}

const nothing = { moved: [], skipped: [] }

story(
  'Two tabs switch at once, another app of the origin does not, and the app switches back and forth',
  async ({ app, world }) => {
    const { page } = app
    const { idp, bareUrl } = world
    const redirectUris = [`${bareUrl}earlier.html`]
    await idp.control.addClient({ clientId: 'other', redirectUris })
    await signsIn(app, world)
    await signsIn(app, world, 'other')
    await page.goto(bareUrl)
    const tab = await anotherTab(app)

    const reports = await Promise.all(
      [page, tab.page].map((at) => migrates(at, 'msal', optionsOf(world))),
    )
    expect(reports.map(({ moved }) => moved.length).sort()).toEqual([0, 1])
    for (const one of [app, tab]) {
      expect((await one.starts()).answer?.username).toBe('alice@contoso.example')
      expect((await one.asks(scopes)).answer?.fromCache).toBe(true)
    }
    expect(await migrates(page, 'msal', optionsOf(world))).toEqual(nothing)

    // The entries of the other app work, and the app before its switch has none.
    expect(await earlierAccounts(page, world, 'other')).toEqual(['alice@contoso.example'])
    const held = await page.evaluate(async (asked) => {
      const [account] = window.earlierMsal.getAllAccounts()
      return account && window.earlierMsal.acquireTokenSilent({ scopes: asked, account })
    }, scopes)
    expect(held?.fromCache).toBe(true)

    // The app switches back: its users sign in anew. At the next switch, the session of Carnet counts.
    await signsIn(app, world, 'spa', 'Bob Brown')
    await page.goto(bareUrl)
    expect((await migrates(page, 'msal', optionsOf(world))).skipped).toEqual(['held'])
    expect((await app.starts()).answer?.username).toBe('alice@contoso.example')
    expect(await migrates(page, 'msal', optionsOf(world))).toEqual(nothing)
  },
)

story(
  'A user who signed out before the switch, or after it, stays signed out',
  async ({ app, world }) => {
    const { page } = app
    const { bareUrl } = world
    await signsIn(app, world)
    await page.evaluate(() => window.earlierMsal.clearCache())
    await page.goto(bareUrl)
    expect((await migrates(page, 'msal', optionsOf(world))).moved).toEqual([])
    expect((await app.starts()).answer?.username).toBeUndefined()

    await signsIn(app, world)
    await page.goto(bareUrl)
    expect((await migrates(page, 'msal', optionsOf(world))).moved).toHaveLength(1)
    await app.starts()
    await page.evaluate(() => window.auth.clear())
    expect(await migrates(page, 'msal', optionsOf(world))).toEqual(nothing)
    expect((await app.starts()).answer?.username).toBeUndefined()
  },
)

story(
  'After the browser has closed, encrypted entries are removed unread',
  async ({ app, world }) => {
    const { page } = app
    await signsIn(app, world)
    await page.goto(world.bareUrl)
    await page.context().clearCookies({ name: 'msal.cache.encryption' })
    const { moved, skipped } = await migrates(page, 'msal', optionsOf(world))
    expect([moved, new Set(skipped)]).toEqual([[], new Set(['key_missing'])])
    expect(await storedKeys(page, /\|spa\|/)).toEqual([])
    expect((await app.starts()).answer?.username).toBeUndefined()
  },
)

story('A sign-in that was under way ends with the switch', async ({ app, world }) => {
  const { page } = app
  await earlierAccounts(page, world)
  const leaves = page.waitForURL((url) =>
    url.href.startsWith(world.idp.authority('home').slice(0, 20)),
  )
  await page.evaluate(() => {
    void window.earlierMsal.loginRedirect({ scopes: [] })
  })
  await leaves
  await page.goto(world.bareUrl)
  expect(await storedKeys(page, /^msal\.(spa\.|interaction)/)).not.toEqual([])
  expect(await migrates(page, 'msal', optionsOf(world))).toEqual(nothing)
  expect(await storedKeys(page, /^msal\.(spa\.|interaction)/)).toEqual([])
})
