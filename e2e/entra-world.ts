import { fileURLToPath } from 'node:url'
import { type EntraProvider, startEntraProvider } from '@carnet/idp'
import { test } from '@playwright/test'
import { type App, createApp } from './steps/app.ts'
import { serve } from './world.ts'

/** A provider with the Entra dialect, over TLS because some clients require TLS, and the bare page. */
export interface EntraWorld {
  readonly idp: EntraProvider
  readonly demoUrl: string
  readonly bareUrl: string
}

/** The pages of the apps that are built with `@azure/msal-browser` and with Carnet. */
const MSAL_APPS = [
  'no-bundler/msal-redirect.html',
  ...['original', 'carnet'].flatMap((library) =>
    ['compared.html', 'react.html', 'angular.html', 'redirect.html'].map(
      (page) => `msal-${library}/${page}`,
    ),
  ),
]

export const entraStory = test.extend<{ app: App }, { world: EntraWorld }>({
  // The provider creates its certificate at its start, so no browser trusts it.
  ignoreHTTPSErrors: true,

  world: [
    async ({}, use) => {
      const bare = await serve(
        fileURLToPath(new URL('./app/', import.meta.url)),
        () => 'https://login.example.com',
      )
      const pages = ['', 'msal.html', 'msal-redirect.html', 'earlier.html', ...MSAL_APPS].map(
        (path) => bare.url + path,
      )
      const clients = [{ clientId: 'spa', redirectUris: pages }]
      const idp = await startEntraProvider({ tls: true, clients })
      await use({ idp, bareUrl: bare.url, demoUrl: bare.url })
      await Promise.all([bare.close(), idp.close()])
    },
    { scope: 'worker' },
  ],

  /** An app of Contoso. */
  app: async ({ page, world }, use) => {
    await world.idp.control.reset()
    await page.goto(world.bareUrl)
    const authority = world.idp.authority('home')
    await use(createApp(page, world, { authority, authorityProfile: 'entra' }))
  },
})

export { expect } from '@playwright/test'
