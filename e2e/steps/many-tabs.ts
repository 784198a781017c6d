import { type App, type AppOptions, anotherTab } from './app.ts'

export const HOUR_MS = 3_600_000

/** Signs Alice in and opens `count` tabs without background renewal. */
export async function tabsOfAlice(
  app: App,
  count: number,
  options: AppOptions = {},
): Promise<App[]> {
  const unrenewed = { renewal: { enabled: false }, ...options }
  await app.isSignedIn({ scopes: ['calendar.read'] }, 'Alice Adams', unrenewed)
  const others = await Promise.all(Array.from({ length: count - 1 }, () => anotherTab(app)))
  const tabs = [app, ...others]
  for (const tab of others) await tab.starts(unrenewed)
  await app.idp.control.changeSettings({ latencyMs: { token: 150 } })
  await app.idp.control.resetStats()
  return tabs
}

export const askAll = (tabs: readonly App[]) =>
  Promise.all(tabs.map((tab) => tab.asks(['calendar.read'])))

/** Opens a new tab with the same clock as the other tabs. */
export async function freshTab(app: App): Promise<App> {
  const tab = await anotherTab(app)
  const clockAheadMs = await app.page.evaluate(() => window.aheadMs ?? 0)
  await tab.starts({ renewal: { enabled: false }, clockAheadMs })
  return tab
}
