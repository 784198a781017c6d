import { fileURLToPath } from 'node:url'
import { type EntraProvider, startEntraProvider } from '@carnet/idp'
import { test } from '@playwright/test'
import { type App, createApp } from './steps/app.ts'
import { API_CLIENT, startProfileApi } from './steps/profile-api.ts'
import { signInAtProvider } from './steps/provider-pages.ts'
import { serve } from './world.ts'

interface Services {
  readonly idp: EntraProvider
  readonly bareUrl: string
  readonly demoUrl: string
  readonly api: Awaited<ReturnType<typeof startProfileApi>>
}

/** A page, its provider, its API with `@carnet/node`, and the Graph of the provider: three servers. */
export const servicesStory = test.extend<{ app: App }, { world: Services }>({
  world: [
    async ({}, use) => {
      const root = fileURLToPath(new URL('./app/', import.meta.url))
      const bare = await serve(root, () => 'https://login.example.com')
      const clients = [{ clientId: 'spa', redirectUris: [bare.url] }, API_CLIENT]
      const idp = await startEntraProvider({ clients })
      const api = await startProfileApi(idp)
      await use({ idp, api, bareUrl: bare.url, demoUrl: bare.url })
      await Promise.all([bare.close(), api.close(), idp.close()])
    },
    { scope: 'worker' },
  ],
  app: async ({ page, world: { idp, api, ...urls } }, use) => {
    await idp.control.reset()
    api.statuses.length = 0
    await page.goto(urls.bareUrl)
    const scopes = [`${idp.api}/api.read`]
    const app = createApp(
      page,
      { idp, ...urls },
      {
        authority: idp.authority('home'),
        authorityProfile: 'entra',
        clientCapabilities: ['cp1'],
        renewal: { enabled: false },
        resources: { [api.url]: scopes },
      },
    )
    await idp.control.changeSettings({ consent: 'skip' })
    await app.starts()
    await app.leavesBy('signIn', { scopes })
    await signInAtProvider(page, 'Alice Adams')
    await app.returnsTo()
    await app.starts()
    await use(app)
  },
})

export { expect } from '@playwright/test'
