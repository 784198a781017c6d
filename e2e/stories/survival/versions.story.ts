/** Pages of several versions of an app: they share the journal and the lock, but not the worker. */
import { type App, type AppOptions, anotherTab } from '../../steps/app.ts'
import { answers, HOUR_MS, isRenewable, refreshes, SCOPES } from '../../steps/survival.ts'
import { expect, story } from '../../world.ts'

story.use({ cookies: 'blocked' })

const quiet: AppOptions = { tokens: 'page', renewal: { enabled: false } }
/** The file of another version of the worker. */
const OTHER_FILE = '/no-bundler/carnet.worker.min.js'
/** After a deployment, a server often answers with a page of the app. */
const GONE_FILE = '/assets/gone-with-the-deployment.js'

/** The app of another version in another tab. */
async function otherVersion(app: App, options: AppOptions): Promise<App> {
  const other = await anotherTab(app)
  await other.starts({ ...quiet, ...options })
  await other.page.evaluate(() => {
    window.heard = []
    window.auth.on('workerUnavailable', () => window.heard.push({ name: 'workerUnavailable' }))
  })
  return other
}

const heardBy = ({ page }: App) => page.evaluate(() => window.heard.length)

const versions = {
  'another worker file': { workerFile: OTHER_FILE, failures: 0 },
  'a worker file that is gone': { workerFile: GONE_FILE, failures: 1 },
}
for (const [what, { workerFile, failures }] of Object.entries(versions))
  story(
    `Beside a tab with ${what}, no answer is lost, and each token is redeemed once`,
    async ({ app }) => {
      await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', quiet)
      const other = await otherVersion(app, { workerFile })
      // The tab of the first version closes in the middle of its refresh, and the other tab takes the answer.
      await refreshes(app)
      await other.jumps(HOUR_MS)
      const waiting = other.asks(SCOPES)
      await app.page.close()
      await answers(app.idp)
      expect((await waiting).answer?.uniqueId).toBe('alice')
      expect((await other.requests()).refresh_token).toBe(1)
      await isRenewable(other, 2)
      expect(await heardBy(other)).toBe(failures)

      // The tab of the other version is in the middle of its refresh, and a tab of the first version takes the answer.
      const first = await anotherTab(other)
      await first.starts({ ...quiet, clockAheadMs: 2 * HOUR_MS })
      await refreshes(other)
      const next = first.asks(SCOPES)
      await expect.poll(() => isWaiting(first)).toBe(true)
      await answers(app.idp)
      expect((await next).answer?.uniqueId).toBe('alice')
      expect((await first.requests()).refresh_token).toBe(1)
      await isRenewable(first, 2)
    },
  )

story(
  "With tokens: 'worker', the tab whose worker holds the token renews for it",
  async ({ app }) => {
    const options = { ...quiet, tokens: 'worker' } as const
    await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', options)
    const other = await otherVersion(app, { ...options, workerFile: OTHER_FILE })
    await app.idp.control.resetStats()
    for (const tab of [app, other]) await tab.jumps(HOUR_MS)
    const outcomes = await Promise.all([other.asks(SCOPES), app.asks(SCOPES)])
    expect(outcomes.map(({ answer }) => answer?.uniqueId)).toEqual(['alice', 'alice'])
    expect((await app.requests()).refresh_token).toBe(1)
    await isRenewable(other, 2)
  },
)

story(
  'Beside an earlier service worker without Carnet, the shared worker sends the requests',
  async ({ app }) => {
    const serviceWorker = '/no-bundler/other-service-worker.js'
    await app.page.evaluate(async (url) => {
      await navigator.serviceWorker.register(url)
      const { active } = (await navigator.serviceWorker.getRegistration(url)) ?? {}
      return active?.state
    }, serviceWorker)
    const options = { ...quiet, serviceWorker }
    await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', options)
    await app.page.evaluate(() => {
      window.heard = []
      window.auth.on('workerUnavailable', () => window.heard.push({ name: 'workerUnavailable' }))
    })
    expect(await heardBy(app)).toBe(1)
    await refreshes(app)
    await app.page.reload()
    await answers(app.idp)
    await app.starts({ ...options, clockAheadMs: HOUR_MS })
    expect((await app.asks(SCOPES)).answer?.uniqueId).toBe('alice')
    await isRenewable(app, 2)
  },
)

/** True if a request for a lock waits. */
const isWaiting = ({ page }: App) =>
  page.evaluate(async () => ((await navigator.locks.query()).pending ?? []).length > 0)
