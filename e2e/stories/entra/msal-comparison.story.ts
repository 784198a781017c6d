import type { Page } from '@playwright/test'
import { type EntraWorld, expect, entraStory as story } from '../../entra-world.ts'
import type { App } from '../../steps/app.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'

/** The same checks for both clients, so that Carnet proves the behaviour of MSAL. */
const silent = (page: Page, scopes: readonly string[], forceRefresh = false) =>
  page.evaluate(
    async ([asked, force]) => {
      const account = window.msal.getAllAccounts()[0]
      const result = await window.msal.acquireTokenSilent({
        scopes: [...asked],
        forceRefresh: force,
        ...(account && { account }),
      })
      return { fromCache: result.fromCache, scopes: result.scopes, tenantId: result.tenantId }
    },
    [scopes, forceRefresh] as const,
  )

async function startMsal(page: Page, { bareUrl, idp }: EntraWorld): Promise<void> {
  await page.goto(`${bareUrl}msal.html`)
  await page.evaluate(
    (authority) => window.startMsal(authority).then(() => undefined),
    idp.authority('home'),
  )
}

async function worksFor(page: Page, { idp }: EntraWorld): Promise<void> {
  const api = `${idp.api}/api.read`
  expect((await silent(page, ['User.Read'])).fromCache).toBe(true)
  const first = await silent(page, [api])
  expect(first).toMatchObject({ scopes: [api], tenantId: idp.tenants.home.id })
  expect((await silent(page, [api])).fromCache).toBe(true)
  expect((await silent(page, ['User.Read'], true)).fromCache).toBe(false)
  expect((await silent(page, [api], true)).fromCache).toBe(false)
}

story(
  'The real @azure/msal-browser signs in by popup, gets two resources, refreshes, signs out',
  async ({ page, world }) => {
    await world.idp.control.reset()
    await startMsal(page, world)
    const opening = page.waitForEvent('popup')
    const signingIn = page.evaluate(async (extra) => {
      const request = { scopes: ['User.Read'], extraScopesToConsent: [extra] }
      return (await window.msal.loginPopup(request)).account.username
    }, `${world.idp.api}/api.read`)
    const popup = await opening
    await signInAtProvider(popup, 'Alice Adams')
    await allowAtProvider(popup)
    expect(await signingIn).toBe('alice@contoso.example')
    await worksFor(page, world)

    // The page has that address already, so the story waits for a new document.
    const comesBack = page.waitForEvent(
      'framenavigated',
      (frame) => frame === page.mainFrame() && new URL(frame.url()).pathname === '/msal.html',
    )
    // Without an account, the provider would ask for the account to sign out.
    await page.evaluate(() => {
      void window.msal.logoutRedirect({ account: window.msal.getAllAccounts()[0] ?? null })
    })
    await comesBack
    await page.waitForLoadState()
    await startMsal(page, world)
    expect(await page.evaluate(() => window.msal.getAllAccounts().length)).toBe(0)
  },
)

story('The real @azure/msal-browser signs in by redirect', async ({ page, world }) => {
  await world.idp.control.reset()
  await startMsal(page, world)
  await page.evaluate((extra) => {
    const request = { scopes: ['User.Read'], extraScopesToConsent: [extra] }
    void window.msal.loginRedirect(request)
  }, `${world.idp.api}/api.read`)
  await signInAtProvider(page, 'Bob Brown')
  await allowAtProvider(page)
  await page.waitForURL((url) => url.pathname === '/msal.html')
  await startMsal(page, world)
  expect(await page.evaluate(() => window.msal.getAllAccounts()[0]?.username)).toBe(
    'bob@contoso.example',
  )
  await worksFor(page, world)
})

/** The checks of `worksFor` with Carnet: cache, two resources, refresh and sign-out. */
async function worksForCarnet(app: App, { idp }: EntraWorld): Promise<void> {
  const api = `${idp.api}/api.read`
  expect((await app.asks(['User.Read'])).answer?.fromCache).toBe(true)
  expect((await app.asks([api])).answer).toMatchObject({
    scopes: [api],
    tenantId: idp.tenants.home.id,
  })
  expect((await app.asks([api])).answer?.fromCache).toBe(true)
  expect((await app.asks(['User.Read'], { forceRefresh: true })).answer?.fromCache).toBe(false)
  expect((await app.asks([api], { forceRefresh: true })).answer?.fromCache).toBe(false)

  await app.leavesBy('signOut')
  await app.hasReloaded()
  expect((await app.starts()).answer?.username).toBeUndefined()
}

story(
  'Carnet signs in by popup, gets two resources, refreshes, signs out',
  async ({ app, world }) => {
    const api = `${world.idp.api}/api.read`
    await app.starts()
    const { popup, outcome } = await app.opensPopupBy('signIn', {
      interaction: 'popup',
      scopes: ['User.Read'],
      extraScopesToConsent: [api],
    })
    await signInAtProvider(popup, 'Alice Adams')
    await allowAtProvider(popup)
    expect((await outcome).answer?.account.username).toBe('alice@contoso.example')

    await worksForCarnet(app, world)
  },
)

story('Carnet signs in by redirect', async ({ app, world }) => {
  const api = `${world.idp.api}/api.read`
  await app.starts()
  await app.leavesBy('signIn', { scopes: ['User.Read'], extraScopesToConsent: [api] })
  await signInAtProvider(app.page, 'Bob Brown')
  await allowAtProvider(app.page)
  await app.returnsTo()
  expect((await app.starts()).answer?.username).toBe('bob@contoso.example')
  await worksForCarnet(app, world)
})
