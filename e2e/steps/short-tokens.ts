import type { App, AppOptions } from './app.ts'

export const SCOPES = ['calendar.read']

/** The maximum wait for a response, because the provider may hold it forever. */
const PATIENCE_MS = 1500

/** Signs Alice in with short-lived tokens, and stops the clock of the page. */
export async function aliceWithShortTokens(
  app: App,
  seconds: number,
  options: AppOptions = {},
): Promise<void> {
  await app.idp.control.changeSettings({ accessTokenLifetime: seconds })
  await app.page.clock.install()
  await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', options)
  await app.asks(SCOPES)
  // This call loads the engine, which otherwise loads when the page is idle.
  await app.page.evaluate(() => window.auth.forecast())
  await app.idp.control.resetStats()
}

/** Advances the clock of the page in steps, and waits for the network after each step. */
export async function passes(app: App, seconds: number, step = 1): Promise<void> {
  for (let passed = 0; passed < seconds; passed += step) {
    await app.page.clock.runFor(step * 1000)
    await isQuiet(app)
  }
}

/** Waits until no tab renews. Each renewal holds a lock. */
async function isQuiet({ page }: App): Promise<void> {
  const looksQuiet = () =>
    page.evaluate(async () => {
      let busy = 0
      for (let look = 0; look < 2; look++) {
        // A renewal that a timer started requests its lock before this response arrives.
        await fetch('/', { cache: 'no-store' }).then((answer) => answer.text())
        const { held = [], pending = [] } = await navigator.locks.query()
        busy += held.length + pending.length
      }
      return busy === 0
    })
  const untilMs = Date.now() + PATIENCE_MS
  while (!(await looksQuiet()) && Date.now() < untilMs);
}

/** Records the events `tokenRenewed` and `renewalFailed`. */
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
