import type { App } from '../../steps/app.ts'
import { granted } from '../../steps/granted.ts'
import { countsLeftovers, leavesNothingBehind } from '../../steps/leftovers.ts'
import { expect, story } from '../../world.ts'

const HOUR_MS = 3_600_000

story.beforeEach(({ app }) => countsLeftovers(app))
story.afterEach(({ app }) => leavesNothingBehind(app))

/** The app is told in the last minutes of the hour, and not before. */
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

story('The forecast says until when silence lasts', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  await app.asks(['calendar.read'])
  const forecast = await app.page.evaluate(() => window.auth.forecast())
  expect(forecast.cause).toBe('unknown') // This provider does not say when its refresh tokens end.
  expect(forecast.accessTokenEndsOn?.getTime()).toBeGreaterThan(Date.now() + HOUR_MS / 2)
  const planned = await app.page.evaluate(() => window.auth.renewals)
  expect(planned).toMatchObject([{ scopes: granted('calendar.read') }])
})

story(
  'After a reload the forecast says the same, before anybody has asked for a token',
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

story.describe('where frames know nobody', () => {
  story.use({ cookies: 'blocked' })

  for (const [what, silent] of [
    ['are off', { iframe: false }],
    ['are blocked', { iframe: true }],
  ] as const) {
    story(
      `Without a refresh token, where frames ${what}, the app is told ahead`,
      async ({ app }) => {
        await app.idp.control.changeSettings({ refreshTokens: 'never' })
        await app.page.clock.install()
        await app.isSignedIn({ scopes: ['calendar.read'] }, 'Alice Adams', { silent })
        // That frames are blocked is found out by the first that is asked.
        await app.asks(['calendar.read'], { forceRefresh: true })
        await isToldWithinTheHour(app)
      },
    )
  }
})

story('The app is told ahead when silence ends', async ({ app }) => {
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

story(
  'The provider says when it would like a token renewed, and that is the plan',
  async ({ app }) => {
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
  },
)
