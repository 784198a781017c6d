import { aliceWithApis, keepsChallenges } from '../../steps/apis/api-calls.ts'
import { type App, anotherTab } from '../../steps/app.ts'
import { expect, story } from '../../world.ts'

declare global {
  interface Window {
    /** The status or the code of the call, when it has settled. */
    settled: unknown
  }
}

/** Calls the API for which the user must step up. */
const stepsUp = (app: App) =>
  app.page.evaluate((url) => {
    const note = (value: unknown) => {
      window.settled = value
    }
    window.auth.fetch(url).then(
      ({ status }) => note(status),
      (error) => note(error.code),
    )
  }, `${app.idp.issuer}/api/step-up`)

const isAsked = (app: App) =>
  expect.poll(() => app.page.evaluate(() => window.asked.length)).toBe(1)

story('Neither a closed nor a frozen tab with a dialog holds other tabs', async ({ app }) => {
  await aliceWithApis(app)
  const [frozen, last] = [await anotherTab(app), await anotherTab(app)]
  for (const tab of [app, frozen, last]) await keepsChallenges(tab)
  await stepsUp(app)
  await isAsked(app)
  await stepsUp(frozen)
  await app.page.close()
  await isAsked(frozen)

  const session = await frozen.page.context().newCDPSession(frozen.page)
  await session.send('Page.setWebLifecycleState', { state: 'frozen' })
  await last.page.clock.install()
  await stepsUp(last)
  // The last tab has sent its request, and waits for the tab that the browser froze.
  await expect.poll(async () => (await last.requests()).api).toBeGreaterThanOrEqual(3)
  await expect
    .poll(
      async () => {
        await last.page.clock.runFor(5000)
        return last.page.evaluate(() => window.asked.length)
      },
      { intervals: [50] },
    )
    .toBe(1)
  const opening = last.page.waitForEvent('popup')
  await last.page.evaluate(() => void window.asked[0]?.resolve('popup'))
  await (await opening).getByRole('button', { name: 'Approve' }).click()
  await expect
    .poll(
      async () => {
        await last.page.clock.runFor(1000)
        return last.page.evaluate(() => window.settled)
      },
      { intervals: [50] },
    )
    .toBe(200)

  // The tab that the browser resumes still has its dialog, and its call ends.
  await session.send('Page.setWebLifecycleState', { state: 'active' })
  await frozen.page.evaluate(() => window.asked[0]?.refuse())
  await expect.poll(() => frozen.page.evaluate(() => window.settled)).toBe('user_cancelled')
  await frozen.page.close()
  await last.page.close()
})
