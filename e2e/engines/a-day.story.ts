import type { IdentityProvider } from '@carnet/idp'
import { granted } from '../steps/granted.ts'
import { type AppInTab, createAppIn } from './app-in-a-tab.ts'
import { comes, type Tab } from './drivers/driver.ts'
import { engineStory, expect } from './world.ts'

const HOUR_MS = 3_600_000
const SCOPES = ['calendar.read']

/** Disables background renewal, because the story triggers each renewal itself. */
const quiet = { renewal: { enabled: false } }

const isClosed = (popup: Tab) =>
  comes('The end of the popup', async () => (await popup.isClosed()) || undefined)

const isAt = (tab: Tab, start: string) =>
  comes(
    `An address that starts with ${start}`,
    async () => (await tab.url()).startsWith(start) || undefined,
  )

const shows = (app: AppInTab, accounts: readonly string[]) =>
  expect.poll(() => app.accounts().catch(String), { timeout: 30_000 }).toEqual(accounts)

/** The provider, and the app of Alice in her first tab. */
interface Day {
  readonly idp: IdentityProvider
  readonly bareUrl: string
  readonly first: AppInTab
}

const { step } = engineStory

engineStory("A user's day", async ({ engine, world: { idp, bareUrl } }) => {
  const deepLink = `${bareUrl}invoices/7?tab=lines#/rows/3`
  const first = createAppIn(engine, await engine.openTab(deepLink), quiet)
  const day = { idp, bareUrl, first }
  await signsInAtDeepLink(day, deepLink)
  await renewsInOneTab(day)
  const second = createAppIn(engine, await engine.openTab(bareUrl), quiet)
  await renewsInTwoTabs(day, second)
  await hasSecondAccount(day, second)
  await signsOutByRedirect(day, second)
})

/** The number of requests to the provider, by endpoint and grant type. */
async function requestsTo(idp: IdentityProvider) {
  const { counts, tokenGrants } = await idp.control.stats()
  return {
    authorization: counts.authorization,
    token: counts.token,
    end_session: counts.end_session,
    ...tokenGrants,
  }
}

async function signsInAtDeepLink({ idp, bareUrl, first }: Day, deepLink: string) {
  await step('Alice signs in by redirect, and returns to her deep link', async () => {
    await first.starts()
    await first.presses('signIn', { scopes: SCOPES })
    await first.tab.click('Continue as Alice Adams')
    await first.tab.click('Allow')
    await isAt(first.tab, bareUrl)
    expect(await first.starts()).toEqual({
      username: 'alice@example.com',
      url: deepLink,
      accounts: ['Alice Adams'],
    })
  })

  await step('After a reload her token comes from the cache', async () => {
    await idp.control.resetStats()
    await first.tab.reload()
    await first.starts()
    const { answer } = await first.asks(SCOPES)
    expect(answer).toMatchObject({ fromCache: true, scopes: granted(...SCOPES) })
    expect((await requestsTo(idp)).token).toBe(0)
  })
}

async function renewsInOneTab({ idp, first }: Day) {
  await step('An hour later the token is refreshed', async () => {
    await first.jumps(HOUR_MS)
    expect((await first.asks(SCOPES)).answer?.fromCache).toBe(false)
    expect(await requestsTo(idp)).toMatchObject({ token: 1, refresh_token: 1 })
  })

  await step('Fifty concurrent calls share one token request', async () => {
    await idp.control.resetStats()
    await first.jumps(HOUR_MS)
    await first.asksManyTimes(SCOPES, 50)
    const { answer = [] } = await first.outcome<{ accessToken: string }[]>()
    expect(answer).toHaveLength(50)
    expect(new Set(answer.map(({ accessToken }) => accessToken)).size).toBe(1)
    expect(await requestsTo(idp)).toMatchObject({ token: 1, refresh_token: 1 })
  })
}

async function renewsInTwoTabs({ idp, first }: Day, second: AppInTab) {
  await step('A second tab has her session and her token', async () => {
    await idp.control.resetStats()
    const { username } = await second.starts({ clockAheadMs: 2 * HOUR_MS })
    expect(username).toBe('alice@example.com')
    expect((await second.asks(SCOPES)).answer?.fromCache).toBe(true)
    expect((await requestsTo(idp)).token).toBe(0)
  })

  await step('Both tabs ask at the same time, and one tab refreshes', async () => {
    await idp.control.changeSettings({ latencyMs: { token: 500 } })
    for (const app of [first, second]) await app.jumps(HOUR_MS)
    for (const app of [first, second]) await app.asksManyTimes(SCOPES, 1)
    const outcomes = [await first.outcome(), await second.outcome()]
    await idp.control.changeSettings({ latencyMs: 0 })
    expect(outcomes.map(({ error }) => error)).toEqual([undefined, undefined])
    expect(await requestsTo(idp)).toMatchObject({ token: 1, refresh_token: 1 })
  })
}

async function hasSecondAccount({ first }: Day, second: AppInTab) {
  await step('Bob joins in a popup', async () => {
    const request = { prompt: 'select_account', scopes: SCOPES }
    const popup = await first.opensPopupBy('acquireTokenPopup', request)
    await popup.click('Use another account')
    await popup.click('Continue as Bob Brown')
    await popup.click('Allow')
    const { answer, error } = await first.outcome()
    expect(error).toBeUndefined()
    expect(answer?.account.name).toBe('Bob Brown')
    await isClosed(popup)
    expect(await first.accounts()).toEqual(['Alice Adams', 'Bob Brown'])
  })

  await step('When Alice closes a popup, the call fails and her session stays', async () => {
    const popup = await first.opensPopupBy('acquireTokenPopup', { prompt: 'login' })
    await comes('The sign-in page', () =>
      popup.evaluate(() => document.querySelector('[name=password]') !== null || undefined),
    )
    await first.waitsAtHumanPace()
    await popup.close()
    expect((await first.outcome()).error).toMatchObject({ code: 'user_cancelled' })
    expect(await first.accounts()).toEqual(['Alice Adams', 'Bob Brown'])
  })

  await step("Bob's sign-out in the first tab reaches the second tab", async () => {
    await shows(second, ['Alice Adams', 'Bob Brown'])
    const bob = await first.accountOf('Bob Brown')
    await first.presses('signOut', { account: bob, interaction: 'none' })
    expect((await first.outcome()).error).toBeUndefined()
    await shows(second, ['Alice Adams'])
  })
}

async function signsOutByRedirect({ idp, bareUrl, first }: Day, second: AppInTab) {
  await step(
    'Alice signs in again, with her refresh token in a worker, which refreshes',
    async () => {
      await second.presses('signOut', { interaction: 'none' })
      await second.outcome()
      await second.tab.reload()
      await second.starts({ tokens: 'worker' })
      await second.presses('signIn', { scopes: SCOPES, loginHint: 'alice' })
      await second.tab.click('Continue as Alice Adams')
      await isAt(second.tab, bareUrl)
      const { username } = await second.starts({ tokens: 'worker' })
      expect(username).toBe('alice@example.com')
      await idp.control.resetStats()
      await second.jumps(HOUR_MS)
      expect((await second.asks(SCOPES)).answer?.fromCache).toBe(false)
      expect(await requestsTo(idp)).toMatchObject({ token: 1, refresh_token: 1 })
    },
  )

  await step('Alice signs out by redirect, and the first tab follows', async () => {
    await shows(first, ['Alice Adams'])
    await second.presses('signOut')
    await isAt(second.tab, bareUrl)
    expect((await second.starts()).accounts).toEqual([])
    expect((await requestsTo(idp)).end_session).toBe(1)
    await shows(first, [])
    await second.presses('signIn')
    await comes(
      'The sign-in page',
      async () => (await second.tab.url()).startsWith(idp.issuer) || undefined,
    )
    await second.tab.click('Cancel')
  })
}
