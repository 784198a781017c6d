import type { App, AppOptions } from './app.ts'

export const SCOPES = ['calendar.read']

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
  await app.idp.control.resetStats()
}

/** Lets the page's time pass in steps, and the network answer between them. */
export async function passes({ page }: App, seconds: number, step = 1): Promise<void> {
  for (let passed = 0; passed < seconds; passed += step) {
    await page.clock.runFor(step * 1000)
    await page.evaluate(() => fetch('/', { cache: 'no-store' }).then((answer) => answer.text()))
  }
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
