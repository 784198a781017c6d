import type { AppOptions } from '../steps/app-options.ts'
import { HOUR_MS, rounds, SCOPES, SERVICE_WORKER } from '../steps/survival.ts'
import { type AppInTab, createAppIn } from './app-in-a-tab.ts'
import { comes, type Tab } from './drivers/driver.ts'
import { engineStory, expect } from './world.ts'

/** Without iframes nothing repairs a lost session: WebKit allows third-party cookies here. */
const quiet: AppOptions = { renewal: { enabled: false }, silent: { iframe: false } }

/** Ends or leaves a tab, and returns the tab in which the user goes on. `other` shows the app too. */
type End = (tab: Tab, url: string, other: Tab) => Promise<Tab>

const closesBesideAnother: End = async (tab, _url, other) => {
  await tab.close()
  await comes('The answer', async () => ((await other.evaluate(isQuiet)) ? true : undefined))
  await other.reload()
  return other
}

/** True if no context sends a token request. */
async function isQuiet(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query()
  return held.every(({ name }) => !name?.startsWith('carnet.flight'))
}

const ends: Readonly<Record<string, End>> = {
  'is closed beside another tab': closesBesideAnother,
  'is reloaded': async (tab) => {
    await tab.reload()
    return tab
  },
  'is closed, and opened again': async (tab, url, other) => {
    await other.goTo('about:blank') // The browser would end with its last tab.
    await tab.close()
    await other.goTo(url)
    return other
  },
  'is left, and the user comes back': async (tab, url) => {
    await tab.goTo(`${url}callback.html?left`)
    await tab.goTo(url)
    return tab
  },
}

const contexts: Readonly<
  Record<string, { options: AppOptions; ends: Readonly<Record<string, End>> }>
> = {
  'the shared worker': {
    options: quiet,
    ends: { 'is closed beside another tab': closesBesideAnother },
  },
  'the service worker': { options: { ...quiet, serviceWorker: SERVICE_WORKER }, ends },
}

for (const round of rounds)
  for (const [context, { options, ends: ways }] of Object.entries(contexts))
    engineStory(
      `With ${context} the session goes on when its page ends (${round})`,
      async ({ engine, world: { idp, bareUrl } }) => {
        const settings = { consent: 'skip', signInAs: 'alice' } as const
        for (const [way, end] of Object.entries(ways))
          for (const request of ['code', 'refresh'] as const)
            await engineStory.step(`The page ${way} during its ${request} request`, async () => {
              await idp.control.changeSettings({ ...settings, latencyMs: { token: 0 } })
              const other = createAppIn(engine, await engine.openTab(bareUrl), options)
              const app = createAppIn(engine, await engine.openTab(bareUrl), options)
              await app.starts()
              await app.presses('signIn', { scopes: SCOPES })
              await comes('The response', async () =>
                (await app.tab.url()).includes('state=') ? true : undefined,
              )
              await isAppLoaded(app)
              const isCode = request === 'code'
              if (!isCode) await app.starts()
              await other.starts()
              // The engine loads when the page is idle; another tab of a user is idle.
              await other.tab.evaluate(
                () => void window.auth.consent.entries().catch(() => undefined),
              )
              await idp.control.changeSettings({ latencyMs: { token: 1500 } })
              await idp.control.resetStats()
              if (isCode) await app.beginsToStart()
              else {
                await app.jumps(HOUR_MS)
                await app.asksManyTimes(SCOPES, 1)
              }
              await isSent(isCode ? 'authorization_code' : 'refresh_token')
              const next = createAppIn(engine, await end(app.tab, bareUrl, other.tab), options)
              const clockAheadMs = isCode ? 0 : HOUR_MS
              expect((await next.starts({ clockAheadMs })).username).toBe('alice@example.com')
              expect((await next.asks(SCOPES)).answer?.uniqueId).toBe('alice')
              const { authorization_code = 0, refresh_token = 0 } = (await idp.control.stats())
                .tokenGrants
              expect([authorization_code, refresh_token]).toEqual(isCode ? [1, 0] : [0, 1])
              await next.presses('signOut', { interaction: 'none' })
              await next.outcome()
            })

        async function isSent(grant: 'authorization_code' | 'refresh_token'): Promise<void> {
          await expect
            .poll(async () => (await idp.control.stats()).tokenGrants[grant], { timeout: 30_000 })
            .toBe(1)
        }
      },
    )

const isAppLoaded = ({ tab }: AppInTab) =>
  comes('The app', async () => (await tab.evaluate(() => 'carnet' in window)) || undefined)
