import { countsLeftovers, leavesNothingBehind } from '../../steps/browser/leftovers.ts'
import { aliceWithShortTokens, hear, heard, passes, SCOPES } from '../../steps/short-tokens.ts'
import { expect, story } from '../../world.ts'

story.beforeEach(({ app }) => countsLeftovers(app))
story.afterEach(({ app }) => leavesNothingBehind(app))

story(
  'A call every 100 ms over ten lifetimes never waits and never gets an expired token',
  async ({ app }) => {
    story.slow()
    await aliceWithShortTokens(app, 20)
    await app.page.evaluate(() => {
      window.heard = []
      window.calling = setInterval(() => {
        void window.auth.acquireTokenSilent({ scopes: ['calendar.read'] }).then(
          ({ fromCache, expiresOn }) =>
            window.heard.push({
              name: fromCache && expiresOn.getTime() > Date.now() ? 'good' : 'bad',
            }),
          () => window.heard.push({ name: 'failed' }),
        )
      }, 100)
    })
    await passes(app, 200)

    await app.page.evaluate(() => clearInterval(window.calling))
    const names = (await heard(app)).map(({ name }) => name)
    expect(names.length).toBeGreaterThan(1900)
    expect(names.filter((name) => name !== 'good')).toEqual([])
    const { token, authorization } = await app.requests()
    expect(token).toBeGreaterThanOrEqual(10)
    expect(token).toBeLessThanOrEqual(14)
    expect(authorization).toBe(0)
  },
)

story('An unused token is renewed once only', async ({ app }) => {
  await aliceWithShortTokens(app, 60)
  await passes(app, 300, 5)
  expect((await app.requests()).token).toBe(1)
})

story('After the sign-out no renewal runs or is planned', async ({ app }) => {
  await aliceWithShortTokens(app, 60)
  const planned = () => app.page.evaluate(() => window.auth.renewals.length)
  expect(await planned()).toBe(1)
  await app.calls('signOut', { interaction: 'none' })
  expect(await planned()).toBe(0)
  await passes(app, 120, 5)
  expect((await app.requests()).token).toBe(0)
})

story('A machine that slept past the expiry renews once after it wakes up', async ({ app }) => {
  await aliceWithShortTokens(app, 60)
  await app.page.clock.fastForward(3_600_000) // Timers fire once and late, as after a closed lid.
  await expect.poll(async () => (await app.requests()).token).toBe(1)
  const { answer } = await app.asks(SCOPES)
  expect(answer?.fromCache).toBe(true)
  expect((await app.requests()).token).toBe(1)
})

story(
  'Ten minutes offline at the expiry, then online: one renewal, and no sign-out',
  async ({ app, context }) => {
    await aliceWithShortTokens(app, 60)
    await hear(app)
    await context.setOffline(true)
    for (let minute = 0; minute < 10; minute++) await app.page.clock.runFor(60_000)
    expect((await app.requests()).token).toBe(0)

    await context.setOffline(false)
    await expect.poll(async () => (await app.requests()).token).toBe(1)
    const names = async () => (await heard(app)).map(({ name }) => name)
    await expect.poll(async () => (await names()).includes('renewed')).toBe(true)
    // `onLine` of a browser may be wrong, so the renewer makes one attempt per minute at most.
    const failures = (await names()).filter((name) => name === 'failed')
    expect(failures.length).toBeLessThanOrEqual(10)
    expect(await names()).toEqual([...failures, 'renewed'])
    expect((await app.asks(SCOPES)).answer?.uniqueId).toBe('alice')
  },
)

story('A call without API scopes gets the cached token, which is renewed once', async ({ app }) => {
  await app.isSignedIn({ scopes: SCOPES })
  await app.starts({ renewal: { enabled: false } })
  await app.idp.control.resetStats()
  for (const scopes of [[], ['openid', 'profile']])
    expect((await app.asks(scopes)).answer?.fromCache).toBe(true)
  await app.jumps(3_600_000)
  expect((await app.asks([])).answer?.fromCache).toBe(false)
  expect((await app.asks(['openid', 'profile'])).answer?.fromCache).toBe(true)
  expect((await app.requests()).token).toBe(1)
})

story(
  'Tokens are renewed in time although timers fire once a minute, as in a hidden tab',
  async ({ app }) => {
    await app.page.clock.install()
    await app.page.addInitScript(() => {
      const { setTimeout: start } = window
      const inAMinute = (ms: number) => Math.ceil((Date.now() + ms) / 60_000) * 60_000 - Date.now()
      Object.assign(window, {
        setTimeout: (work: () => void, ms = 0) => start(work, ms < 1000 ? ms : inAMinute(ms)),
      })
    })
    await aliceWithShortTokens(app, 600)
    for (let minute = 0; minute < 30; minute++) {
      await passes(app, 60, 60)
      expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true)
    }
    const { token } = await app.requests()
    expect(token).toBeGreaterThanOrEqual(3)
    expect(token).toBeLessThanOrEqual(4)
  },
)
