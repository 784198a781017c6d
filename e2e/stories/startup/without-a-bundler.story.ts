import { readFileSync } from 'node:fs'
import type * as carnet from '@carnet/browser'
import type { Page } from '@playwright/test'
import { signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

declare global {
  interface Window {
    Carnet: typeof carnet
    createInlineWorker: () => Worker
  }
}

const SCOPES = ['calendar.read']

const starts = (page: Page, options: { tokens?: 'worker'; inline?: boolean } = {}) =>
  page.evaluate(async ({ inline, ...given }) => {
    const authority = document.querySelector<HTMLMetaElement>('meta[name=carnet-authority]')
    window.heard = []
    window.auth = await window.Carnet.createAuthClient({
      clientId: 'spa',
      authority: authority?.content ?? '',
      redirectUri: location.pathname,
      ...given,
      ...(inline && { tokenWorker: window.createInlineWorker }),
    })
    window.auth.on('workerUnavailable', () => window.heard.push({ name: 'no worker' }))
    return window.auth.activeAccount?.username
  }, options)

const asks = (page: Page, forceRefresh: boolean) =>
  page.evaluate(
    async ([scopes, anew]) => {
      const result = await window.auth.acquireTokenSilent({ scopes, forceRefresh: anew })
      return { fromCache: result.fromCache, uniqueId: result.uniqueId, heard: window.heard }
    },
    [SCOPES, forceRefresh] as const,
  )

for (const file of ['script.html', 'module.html'])
  for (const tokens of ['page', 'worker', 'inline worker'] as const) {
    // The inline worker is a separate module.
    if (file === 'script.html' && tokens === 'inline worker') continue
    story(
      `${file}: sign-in, renewal and a reload, refresh tokens in the ${tokens}`,
      async ({ page, world }) => {
        await world.idp.control.reset()
        await world.idp.control.changeSettings({ consent: 'skip' })
        await page.goto(`${world.bareUrl}no-bundler/${file}`)
        const options =
          tokens === 'page' ? {} : ({ tokens: 'worker', inline: tokens !== 'worker' } as const)
        await starts(page, options)
        await page.evaluate(
          (scopes) => void window.auth.signIn({ scopes, interaction: 'redirect' }),
          SCOPES,
        )
        await signInAtProvider(page, 'Alice Adams')
        await page.waitForURL(/#.*state=/)
        expect(await starts(page, options)).toBe('alice@example.com')
        expect(await asks(page, true)).toEqual({ fromCache: false, uniqueId: 'alice', heard: [] })
        expect((await world.idp.control.stats()).tokenGrants).toMatchObject({ refresh_token: 1 })
        await page.reload()
        expect(await starts(page, options)).toBe('alice@example.com')
        expect((await asks(page, false)).fromCache).toBe(true)
        // Parts for rare calls are in the file too.
        const keeps = page.evaluate(async () => {
          await window.auth.setAccountData('theme', 'dark')
          return window.auth.getAccountData('theme')
        })
        expect(await keeps).toBe('dark')
      },
    )
  }

story('A script that does not match its integrity hash does not run', async ({ page, world }) => {
  const path = new URL('../../app/dist/no-bundler/carnet.min.js', import.meta.url)
  await page.route('**/carnet.min.js', (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      headers: { 'access-control-allow-origin': '*' },
      body: `${readFileSync(path, 'utf8')}\n/* and more */`,
    }),
  )
  await page.goto(`${world.bareUrl}no-bundler/script.html`)
  expect(await page.evaluate(() => 'Carnet' in window)).toBe(false)
})
