import { anotherTab } from '../../steps/app.ts'
import {
  countsLeftovers,
  fullChromium,
  leavesNothingBehind,
} from '../../steps/browser/leftovers.ts'
import { HOUR_MS, tabsOfAlice } from '../../steps/many-tabs.ts'
import { expect, story } from '../../world.ts'

story.use(fullChromium)
story.beforeEach(({ app }) => countsLeftovers(app))
story.afterEach(({ app }) => leavesNothingBehind(app, { isStored: true }))

story('A resumed tab synchronizes before it answers a call', async ({ app }) => {
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

story('A resumed tab reads the changes that no message reported', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  const other = await anotherTab(app)
  await other.starts()
  expect((await other.asks(['calendar.read'])).answer?.fromCache).toBe(true)
  // A browser freezes a tab after minutes in the background, so the engine is loaded by then.
  await other.page.evaluate(() => window.auth.forecast())
  // A browser may drop messages to a frozen tab. This page has no channel at all.
  await app.page.addInitScript(() => Reflect.deleteProperty(window, 'BroadcastChannel'))
  await app.page.reload()
  await app.starts()
  await app.calls('signOut', { interaction: 'none' })
  expect(await other.page.evaluate(() => window.auth.accounts.length)).toBe(1)
  // The story cannot freeze a visible page, so it dispatches the event of the end of a freeze.
  await other.page.evaluate(() => document.dispatchEvent(new Event('resume')))
  expect((await other.asks(['calendar.read'])).error).toMatchObject({ reason: 'no_account' })
  await other.page.close()
})

story(
  'A page with a running client enters the back-forward cache, and synchronizes after its return',
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
  'An outage and a clock jump do not keep the page out of the back-forward cache',
  async ({ app }) => {
    await app.isSignedIn({ scopes: ['calendar.read'] })
    await app.idp.control.addFault({
      endpoint: 'token',
      count: 3,
      fault: { kind: 'respond', status: 503, body: '' },
    })
    await app.jumps(2 * 3_600_000)
    expect((await app.asks(['calendar.read'])).error?.code).toBe('server_error')
    // The next attempt is planned, and the forecast has its timer.
    await app.page.evaluate(() => {
      window.auth.on('interactionExpected', () => undefined)
      return window.auth.forecast()
    })
  },
)

story.describe('where iframes find the session', () => {
  story.use({ cookies: 'allowed' })

  story(
    'A tab that enters the back-forward cache during a renewal blocks no other tab',
    async ({ app }) => {
      // The request must not time out before its page is stored.
      const patient = { requestTimeoutMs: 20_000 }
      const [stored = app, other = app] = (await tabsOfAlice(app, 3, patient)).slice(1)
      await app.idp.control.addFault({ endpoint: 'token', fault: { kind: 'hang' } })
      for (const tab of [stored, other]) await tab.jumps(HOUR_MS)
      stored.asks(['calendar.read']).catch(() => undefined)
      await expect.poll(async () => (await app.requests()).token).toBe(1)
      const asking = other.asks(['calendar.read'])
      // A later lock request would evict the page from the cache, so this request comes first.
      const waiting = () =>
        other.page.evaluate(async () => {
          const { pending = [] } = await navigator.locks.query()
          // Another lock tells the first tab when the worker has the answer.
          return pending.filter(({ name }) => !name?.startsWith('carnet.flight')).length
        })
      await expect.poll(waiting).toBe(1)
      await stored.page.goto('about:blank')
      await app.idp.control.clearFaults()
      expect((await asking).answer?.uniqueId).toBe('alice')
      for (const { page } of [stored, other]) await page.close()
    },
  )
})
