import { type App, anotherTab } from '../../steps/app.ts'
import { countsLeftovers, leavesNothingBehind } from '../../steps/browser/leftovers.ts'
import { askAll, freshTab, HOUR_MS, tabsOfAlice } from '../../steps/many-tabs.ts'
import { expect, story } from '../../world.ts'

story.beforeEach(({ app }) => countsLeftovers(app))
story.afterEach(({ app }) => leavesNothingBehind(app))

const SCOPES = ['calendar.read']
const TABS = 12
const ROUNDS = 20

type Death = (tab: App) => Promise<unknown>

const closes: Death = ({ page }) => page.close()
const goesElsewhere: Death = ({ page }) => page.goto('about:blank')
const crashes: Death = async ({ page }) => {
  const crashed = page.waitForEvent('crash')
  const session = await page.context().newCDPSession(page)
  session.send('Page.crash').catch(() => undefined) // A crashed page does not respond.
  await crashed
  await page.close()
}
const deaths = [closes, goesElsewhere, crashes]

/** The first tab holds the lock and dies during its refresh. The tabs that wait then continue. */
async function diesInTheMiddle(
  dying: App,
  others: readonly App[],
  die: Death,
): ReturnType<typeof askAll> {
  const lost = dying.asks(SCOPES).catch(() => undefined)
  await expect.poll(async () => (await dying.requests()).token).toBe(1)
  const asking = askAll(others)
  await die(dying)
  await lost
  return asking
}

story.describe('where iframes find the session', () => {
  story.use({ cookies: 'allowed' })

  story(
    'Tabs close, navigate or crash during a renewal, in several rounds: the other tabs continue',
    async ({ app }) => {
      story.setTimeout(180_000)
      const tabs = await tabsOfAlice(app, TABS)
      for (let round = 1; round <= ROUNDS; round++) {
        await Promise.all(tabs.map((tab) => tab.jumps(HOUR_MS)))
        await app.idp.control.resetStats()
        const [dying = app] = tabs.splice(1, 1)
        const answers = await diesInTheMiddle(dying, tabs, deaths[round % deaths.length] ?? closes)
        expect(answers.map(({ error }) => error)).toEqual(tabs.map(() => undefined))
        expect(new Set(answers.map(({ answer }) => answer?.accessToken)).size).toBe(1)
        const { token, authorization } = await app.requests()
        // One lost response, one refused refresh token and one code of the iframe, without a loop.
        expect(token).toBeLessThanOrEqual(3)
        expect(authorization).toBeLessThanOrEqual(1)
        tabs.push(await freshTab(app))
      }
      await Promise.all(tabs.slice(1).map(({ page }) => page.close()))
    },
  )
})

story(
  'Without iframes a lost response gives `interaction_required` and no loop',
  async ({ app }) => {
    const options = { silent: { iframe: false } }
    await app.isSignedIn({ scopes: ['calendar.read'] }, 'Alice Adams', options)
    await app.jumps(HOUR_MS)
    await app.idp.control.resetStats()
    await app.idp.control.addFault({ endpoint: 'token', fault: { kind: 'loseAnswer' } })

    expect((await app.asks(['calendar.read'])).error).toMatchObject({ code: 'network_error' })
    expect((await app.asks(['calendar.read'])).error).toMatchObject({ reason: 'login' })
    expect((await app.asks(['calendar.read'])).error).toMatchObject({ reason: 'no_tokens' })
    expect((await app.requests()).token).toBe(2)
  },
)

const deleteLocks = () => void Reflect.deleteProperty(Navigator.prototype, 'locks')

const withoutLocks: Readonly<Record<string, () => void>> = {
  'are missing': deleteLocks,
  'are an empty object': () =>
    Object.defineProperty(Navigator.prototype, 'locks', { value: undefined }),
  'are forbidden': () =>
    Object.assign(LockManager.prototype, {
      request: () => Promise.reject(new DOMException('forbidden', 'SecurityError')),
    }),
}

story(
  'A clock of the app that runs ahead ends no lease of another tab',
  async ({ app, context }) => {
    const options = { renewal: { enabled: false }, clockAheadMs: 60_000 }
    await context.addInitScript(deleteLocks)
    await app.page.reload()
    await app.isSignedIn({ scopes: ['calendar.read'] }, 'Alice Adams', options)
    await app.idp.control.changeSettings({ latencyMs: { token: 2000 } })
    await app.idp.control.resetStats()
    const other = await anotherTab(app)
    const first = app.asks(['calendar.read'], { forceRefresh: true })
    await expect.poll(async () => (await app.requests()).token).toBe(1)
    await other.starts(options)
    // The idle prefetch also prunes expired records.
    await other.page.evaluate(() => new Promise((idle) => requestIdleCallback(idle)))
    await other.asks(['calendar.read'])
    const second = other.asks(['calendar.read'], { forceRefresh: true })
    expect((await second).answer?.accessToken).toBe((await first).answer?.accessToken)
    expect((await app.requests()).token).toBe(1)
  },
)

for (const [what, takeAway] of Object.entries(withoutLocks)) {
  story(
    `If Web Locks ${what}, a lease in the database orders the tabs`,
    async ({ app, context }) => {
      await context.addInitScript(takeAway)
      await app.page.reload()
      const tabs = await tabsOfAlice(app, 4)
      for (const tab of tabs) await tab.jumps(HOUR_MS)
      const answers = await askAll(tabs)
      expect(new Set(answers.map(({ answer }) => answer?.accessToken)).size).toBe(1)
      expect((await app.requests()).token).toBe(1)
    },
  )
}

story('The lease of a dead tab expires, and another tab continues', async ({ app, context }) => {
  await context.addInitScript(withoutLocks['are missing'] ?? (() => undefined))
  await app.page.reload()
  const [, dying] = await tabsOfAlice(app, 2, { silent: { iframe: false } })
  await app.idp.control.addFault({ endpoint: 'token', fault: { kind: 'reset' }, skip: 0 })
  await app.idp.control.changeSettings({ latencyMs: { token: 3000 } })
  const lost = dying?.asks(SCOPES, { forceRefresh: true }).catch(() => undefined)
  // The tab must close before its request fails: a tab that runs releases its lease.
  await expect.poll(async () => (await app.requests()).token, { intervals: [50] }).toBe(1)
  await dying?.page.close()
  await lost

  await app.page.clock.install()
  const asking = app.asks(SCOPES, { forceRefresh: true })
  await app.page.clock.runFor(20_000)
  expect((await app.requests()).token).toBe(1) // The lease has not expired.
  await app.page.clock.runFor(6000)
  expect((await asking).answer?.fromCache).toBe(false)
})
