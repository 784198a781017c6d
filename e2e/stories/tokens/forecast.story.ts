import type { App } from '../../steps/app.ts'
import { countsLeftovers, leavesNothingBehind } from '../../steps/browser/leftovers.ts'
import { granted } from '../../steps/granted.ts'
import { expect, story } from '../../world.ts'

const HOUR_MS = 3_600_000

story.beforeEach(({ app }) => countsLeftovers(app))
story.afterEach(({ app }) => leavesNothingBehind(app))

/** The app gets the event in the last minutes of the hour, and not before. */
async function isToldWithinTheHour({ page }: App): Promise<void> {
  await page.evaluate(() => {
    window.heard = []
    window.auth.on('interactionExpected', () => window.heard.push({ name: 'expected' }))
  })
  await page.clock.runFor(50 * 60_000)
  expect(await page.evaluate(() => window.heard)).toEqual([])
  await page.clock.runFor(6 * 60_000)
  await expect.poll(() => page.evaluate(() => window.heard)).toEqual([{ name: 'expected' }])
}

story('The forecast names the end of silent renewal', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  await app.asks(['calendar.read'])
  const forecast = await app.page.evaluate(() => window.auth.forecast())
  expect(forecast.cause).toBe('unknown') // This provider does not state the expiry of its refresh tokens.
  expect(forecast.accessTokenEndsOn?.getTime()).toBeGreaterThan(Date.now() + HOUR_MS / 2)
  const planned = await app.page.evaluate(() => window.auth.renewals)
  expect(planned).toMatchObject([{ scopes: granted('calendar.read') }])
})

story(
  'After a reload the forecast is the same, before the first token request',
  async ({ app }) => {
    await app.isSignedIn({ scopes: ['calendar.read'] })
    await app.page.reload()
    for (const enabled of [true, false]) {
      await app.starts({ renewal: { enabled } })
      const { accessTokenEndsOn } = await app.page.evaluate(() => window.auth.forecast())
      expect(accessTokenEndsOn?.getTime()).toBeGreaterThan(Date.now() + HOUR_MS / 2)
    }
  },
)

story.describe('where iframes find no session', () => {
  story.use({ cookies: 'blocked' })

  for (const [what, silent] of [
    ['are disabled', { iframe: false }],
    ['are blocked', { iframe: true }],
  ] as const) {
    story(
      `Without a refresh token, where iframes ${what}, the app gets the event ahead`,
      async ({ app }) => {
        await app.idp.control.changeSettings({ refreshTokens: 'never' })
        await app.page.clock.install()
        await app.isSignedIn({ scopes: ['calendar.read'] }, 'Alice Adams', { silent })
        // The first iframe finds that cookies are blocked.
        await app.asks(['calendar.read'], { forceRefresh: true })
        await isToldWithinTheHour(app)
      },
    )
  }
})

story('The app gets an event before silent renewal ends', async ({ app }) => {
  await app.idp.control.addFault({
    endpoint: 'token',
    fault: { kind: 'tokenResponse', set: { refresh_token_expires_in: 3600 } },
  })
  await app.page.clock.install()
  await app.isSignedIn({ scopes: ['calendar.read'] })
  await isToldWithinTheHour(app)
  await app.page.clock.runFor(2 * 60_000)
  expect(await app.page.evaluate(() => window.heard)).toHaveLength(1)
})

story('The provider sets the time of a renewal, and the plan follows it', async ({ app }) => {
  await app.idp.control.addFault({
    endpoint: 'token',
    fault: { kind: 'tokenResponse', set: { refresh_in: 600 } },
  })
  await app.isSignedIn({ scopes: ['calendar.read'] })
  const { answer } = await app.asks(['calendar.read'])
  expect(answer?.refreshOn).toBeDefined()
  const [planned] = await app.page.evaluate(() => window.auth.renewals)
  const inSeconds = ((planned?.renewOn.getTime() ?? 0) - Date.now()) / 1000
  expect(inSeconds).toBeGreaterThan(580)
  expect(inSeconds).toBeLessThan(920)
})
