import { fileURLToPath } from 'node:url'
import { startIdentityProvider } from '@carnet/idp'
import { type Browser, chromium, type Page, test } from '@playwright/test'
import { preview } from 'vite'
import { authorityPlugin } from '../demo-app/authority-plugin.ts'
import { isBareEngine } from '../scripts/browser.mjs'
import { type App, createApp } from './steps/app.ts'
import { fullChromium } from './steps/browser/leftovers.ts'
import { browserThatAllowsCookies } from './steps/browser/third-party-cookies.ts'
import type { World } from './steps/world.ts'

const built = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Marks a story with a refresh token that must outlive its page, or with a policy that forbids workers. */
export const inPageOnly = { tag: '@in-page-only' }

export const story = test.extend<
  { app: App; cookies: 'default' | 'allowed' | 'blocked' },
  { tokens: 'page' | 'worker'; world: World; privateBrowser: () => Promise<Browser> }
>({
  /** The holder of the refresh tokens. */
  tokens: ['page', { option: true, scope: 'worker' }],

  /** The full browser: its private windows block third-party cookies. It starts when a story uses it. */
  privateBrowser: [
    async ({}, use) => {
      let starting: Promise<Browser> | undefined
      await use(() => {
        starting ??= chromium.launch(fullChromium.launchOptions)
        return starting
      })
      await (await starting)?.close()
    },
    { scope: 'worker' },
  ],

  /** The setting of the browser for third-party cookies. */
  cookies: ['default', { option: true }],

  world: [
    async ({}, use) => {
      let authority = ''
      const demo = await serve(built('../demo-app/'), () => authority)
      const bare = await serve(built('./app/'), () => authority)
      const callbacks = [
        'deep/callback',
        'callback.html',
        'functions.html',
        'strict.html',
        'earlier.html',
        'no-bundler/script.html',
        'no-bundler/module.html',
        'no-bundler/copies.html',
      ].map((path) => bare.url + path)
      const redirectUris = [demo.url, bare.url, ...callbacks]
      const idp = await startIdentityProvider({ clients: [{ clientId: 'spa', redirectUris }] })
      authority = idp.issuer
      await use({ idp, demoUrl: demo.url, bareUrl: bare.url })
      await Promise.all([demo.close(), bare.close(), idp.close()])
    },
    { scope: 'worker' },
  ],

  /** An app with the library only. */
  app: async ({ page, world, cookies, tokens, launchOptions, privateBrowser }, use) => {
    await world.idp.control.reset()
    const usesApp = async (at: Page) => {
      await at.goto(world.bareUrl)
      await use(createApp(at, world, { tokens }))
    }
    // The headless shell has no such setting, and allows third-party cookies.
    const isAllowed = cookies === 'allowed' && isBareEngine(launchOptions)
    if (cookies === 'default' || isAllowed) return usesApp(page)
    const { context, close } = await (cookies === 'allowed'
      ? browserThatAllowsCookies()
      : privateWindow(await privateBrowser()))
    await usesApp(await context.newPage())
    await close()
  },
})

async function privateWindow(browser: Browser) {
  const context = await browser.newContext({ locale: 'en-GB' })
  return { context, close: () => context.close() }
}

/** Serves a built app on localhost. `outDir` is the folder of the build below `root`. */
export async function serve(root: string, authority: () => string, outDir = 'dist') {
  const server = await preview({
    root,
    configFile: false,
    logLevel: 'error',
    build: { outDir },
    preview: { host: 'localhost', port: 0 },
    plugins: [authorityPlugin(() => ({ authority: authority() }))],
  })
  const url = server.resolvedUrls?.local[0]
  if (!url) throw new Error(`${root} could not be served.`)
  return { url, close: () => server.close() }
}

export { expect } from '@playwright/test'
export type { World } from './steps/world.ts'
