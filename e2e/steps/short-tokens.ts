import type { App, AppOptions } from './app.ts'

export const SCOPES = ['calendar.read']

/** For how long an answer is waited for that the provider may keep back for good. */
const PATIENCE_MS = 1500

/** Alice is signed in with tokens of so many seconds, and the page's clock stands still until it is told to run. */
export async function aliceWithShortTokens(
  app: App,
  seconds: number,
  options: AppOptions = {},
): Promise<void> {
  await app.idp.control.changeSettings({ accessTokenLifetime: seconds })
  await app.page.clock.install()
  await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', options)
  await app.asks(SCOPES)
  // What renews is there from now on, not only when the page is idle.
  await app.page.evaluate(() => window.auth.forecast())
  await app.idp.control.resetStats()
}

/** Lets the page's time pass in steps. What a step begins is done before the next: the network has no such clock. */
export async function passes(app: App, seconds: number, step = 1): Promise<void> {
  for (let passed = 0; passed < seconds; passed += step) {
    await app.page.clock.runFor(step * 1000)
    await isQuiet(app)
  }
}

/** Nobody renews, in this tab or another: all do it under a lock. */
async function isQuiet({ page }: App): Promise<void> {
  const looksQuiet = () =>
    page.evaluate(async () => {
      let busy = 0
      for (let look = 0; look < 2; look++) {
        // What a timer has begun asks for its lock before this is answered.
        await fetch('/', { cache: 'no-store' }).then((answer) => answer.text())
        const { held = [], pending = [] } = await navigator.locks.query()
        busy += held.length + pending.length
      }
      return busy === 0
    })
  const untilMs = Date.now() + PATIENCE_MS
  while (!(await looksQuiet()) && Date.now() < untilMs);
}

/** Notes the renewals that the client tells of, and those that failed. */
export const hear = ({ page }: App) =>
  page.evaluate(() => {
    window.heard = []
    window.auth.on('tokenRenewed', ({ tab }) => window.heard.push({ name: 'renewed', tab }))
    window.auth.on('renewalFailed', ({ error, nextTryOn }) =>
      window.heard.push({
        name: 'failed',
        code: error.code,
        waitMs: nextTryOn && nextTryOn.getTime() - Date.now(),
      }),
    )
  })

export const heard = ({ page }: App) => page.evaluate(() => window.heard)
