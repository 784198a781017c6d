import { fileURLToPath } from 'node:url'
import { startIdentityProvider } from '@carnet/idp'
import { type Browser, chromium, type Page, test } from '@playwright/test'
import { preview } from 'vite'
import { authorityPlugin } from '../demo-app/authority-plugin.ts'
import { isBareEngine } from '../scripts/browser.mjs'
import { type App, createApp } from './steps/app.ts'
import { fullChromium } from './steps/leftovers.ts'
import { browserThatAllowsCookies } from './steps/third-party-cookies.ts'
import type { World } from './steps/world.ts'

const built = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Of a story whose refresh token must outlive its page, or whose policy forbids workers. */
export const inPageOnly = { tag: '@in-page-only' }

export const story = test.extend<
  { app: App; cookies: 'default' | 'allowed' | 'blocked' },
  { tokens: 'page' | 'worker'; world: World; privateBrowser: () => Promise<Browser> }
>({
  /** Who holds the refresh tokens. */
  tokens: ['page', { option: true, scope: 'worker' }],

  /** A browser that people have, whose private windows block third-party cookies; started where a story wants it. */
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

  /** What the browser's user says of third-party cookies. */
  cookies: ['default', { option: true }],

  world: [
    async ({}, use) => {
      let authority = ''
      const demo = await serve(built('../demo-app/'), () => authority)
      const bare = await serve(built('./app/'), () => authority)
      const callbacks = [
        'deep/callback',
        'callback.html',
        'strict.html',
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

  /** An app with the library and nothing else. */
  app: async ({ page, world, cookies, tokens, launchOptions, privateBrowser }, use) => {
    await world.idp.control.reset()
    const usesApp = async (at: Page) => {
      await at.goto(world.bareUrl)
      await use(createApp(at, world, { tokens }))
    }
    // The bare engine knows no such setting, and allows them.
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

/** Serves a built app on localhost. */
export async function serve(root: string, authority: () => string) {
  const server = await preview({
    root,
    configFile: false,
    logLevel: 'error',
    preview: { host: 'localhost', port: 0 },
    plugins: [authorityPlugin(authority)],
  })
  const url = server.resolvedUrls?.local[0]
  if (!url) throw new Error(`${root} could not be served.`)
  return { url, close: () => server.close() }
}

export { expect } from '@playwright/test'
export type { World } from './steps/world.ts'
