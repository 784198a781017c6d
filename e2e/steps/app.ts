import { expect, type Page } from '@playwright/test'
import type { AppOptions } from './app-options.ts'
import { createClientCalls } from './client-calls.ts'
import { createPopupSteps } from './popup-steps.ts'
import { createSignInSteps } from './sign-in-steps.ts'
import type { World } from './world.ts'

export type { AppOptions, Outcome, SeenError } from './app-options.ts'

/** The bare page as an app, with the calls that its developer would write. */
export function createApp(page: Page, world: World, defaults: AppOptions = {}) {
  const { bareUrl, idp } = world
  const client = createClientCalls(page, defaults)
  const signIn = createSignInSteps(page, world, client)
  return {
    page,
    world,
    defaults,
    idp,
    ...client,
    ...createPopupSteps(page, client),
    ...signIn,

    /** Waits until the app is reloaded: a new document without a client. */
    async hasReloaded(): Promise<void> {
      const isNew = () => page.evaluate(() => 'carnet' in window && window.auth === undefined)
      await expect.poll(() => isNew().catch(() => false)).toBe(true)
    },

    async returnsTo(url = bareUrl): Promise<void> {
      await page.waitForURL((current) => current.href.startsWith(url))
    },

    /** The number of requests to the provider, by endpoint and grant type. */
    async requests() {
      const { counts, tokenGrants } = await idp.control.stats()
      return { ...counts, ...tokenGrants }
    },
  }
}

export type App = ReturnType<typeof createApp>

/** Opens the same app in another tab of the browser. */
export async function anotherTab({ page, world, defaults }: App): Promise<App> {
  const tab = await page.context().newPage()
  await tab.goto(world.bareUrl)
  return createApp(tab, world, defaults)
}
