import { anotherTab } from '../../steps/app.ts'
import { countsLeftovers, fullChromium, leavesNothingBehind } from '../../steps/leftovers.ts'
import { HOUR_MS, tabsOfAlice } from '../../steps/many-tabs.ts'
import { expect, story } from '../../world.ts'

story.use(fullChromium)
story.beforeEach(({ app }) => countsLeftovers(app))
story.afterEach(({ app }) => leavesNothingBehind(app, { isStored: true }))

story('A frozen tab that is resumed catches up before it answers', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  const other = await anotherTab(app)
  await other.starts()
  expect((await other.asks(['calendar.read'])).answer?.fromCache).toBe(true)
  const session = await other.page.context().newCDPSession(other.page)
  await session.send('Page.setWebLifecycleState', { state: 'frozen' })

  const renewed = await app.asks(['calendar.read'], { forceRefresh: true })
  await session.send('Page.setWebLifecycleState', { state: 'active' })
  const { answer } = await other.asks(['calendar.read'])
  expect(answer?.accessToken).toBe(renewed.answer?.accessToken)
  expect((await app.requests()).refresh_token).toBe(1)

  await session.send('Page.setWebLifecycleState', { state: 'frozen' })
  await app.calls('signOut', { interaction: 'none' })
  await session.send('Page.setWebLifecycleState', { state: 'active' })
  await expect.poll(() => other.page.evaluate(() => window.auth.accounts.length)).toBe(0)
  expect((await other.asks(['calendar.read'])).error).toMatchObject({ reason: 'no_account' })
  await other.page.close()
})

story('A tab that is resumed knows what it was not told meanwhile', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  const other = await anotherTab(app)
  await other.starts()
  expect((await other.asks(['calendar.read'])).answer?.fromCache).toBe(true)
  // No tab is frozen before it was hidden for minutes: all of the library is there by then.
  await other.page.evaluate(() => window.auth.forecast())
  // A browser may lose what is said to a tab that sleeps; this one has no channel to say it on.
  await app.page.addInitScript(() => Reflect.deleteProperty(window, 'BroadcastChannel'))
  await app.page.reload()
  await app.starts()
  await app.calls('signOut', { interaction: 'none' })
  expect(await other.page.evaluate(() => window.auth.accounts.length)).toBe(1)
  // A page that is shown is never frozen here: this is what the browser says at the end of it.
  await other.page.evaluate(() => document.dispatchEvent(new Event('resume')))
  expect((await other.asks(['calendar.read'])).error).toMatchObject({ reason: 'no_account' })
  await other.page.close()
})

story(
  'A page with a running client goes into the back-forward cache, and catches up out of it',
  async ({ app }) => {
    const { page, world } = app
    await app.isSignedIn({ scopes: ['calendar.read'] })
    const other = await anotherTab(app)
    await other.starts()
    await app.asks(['calendar.read'], { forceRefresh: true })

    await page.goto(`${world.idp.issuer}/.well-known/openid-configuration`)
    const renewed = await other.asks(['calendar.read'], { forceRefresh: true })
    await page.goBack({ waitUntil: 'commit' })
    await expect
      .poll(() => page.evaluate(() => 'leftovers' in window && window.leftovers.wasRestored))
      .toBe(true)
    const { answer } = await app.asks(['calendar.read'])
    expect(answer?.accessToken).toBe(renewed.answer?.accessToken)
    await other.page.close()
  },
)

story(
  'Neither an outage nor a clock that jumps keeps the page out of the cache',
  async ({ app }) => {
    await app.isSignedIn({ scopes: ['calendar.read'] })
    await app.idp.control.addFault({
      endpoint: 'token',
      count: 3,
      fault: { kind: 'respond', status: 503, body: '' },
    })
    await app.jumps(2 * 3_600_000)
    expect((await app.asks(['calendar.read'])).error?.code).toBe('server_error')
    // The next try is planned, and the forecast waits for its hour.
    await app.page.evaluate(() => {
      window.auth.on('interactionExpected', () => undefined)
      return window.auth.forecast()
    })
  },
)

story.describe('where frames can heal', () => {
  story.use({ cookies: 'allowed' })

  story(
    'A tab that goes into the back-forward cache in the middle of a renewal keeps nobody waiting',
    async ({ app }) => {
      const [stored = app, other = app] = (await tabsOfAlice(app, 3)).slice(1)
      await app.idp.control.changeSettings({ latencyMs: { token: 1000 } })
      for (const tab of [stored, other]) await tab.jumps(HOUR_MS)
      stored.asks(['calendar.read']).catch(() => undefined)
      await expect.poll(async () => (await app.requests()).token).toBe(1)
      const asking = other.asks(['calendar.read'])
      // A lock that is asked for later throws the page out of the cache; this one is asked for before.
      const waiting = () =>
        other.page.evaluate(async () => (await navigator.locks.query()).pending?.length)
      await expect.poll(waiting).toBe(1)
      await stored.page.goto('about:blank')
      expect((await asking).answer?.uniqueId).toBe('alice')
      for (const { page } of [stored, other]) await page.close()
    },
  )
})
