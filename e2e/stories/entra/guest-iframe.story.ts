import { expect, entraStory as story } from '../../entra-world.ts'
import { createApp } from '../../steps/app.ts'
import { browserThatAllowsCookies } from '../../steps/browser/third-party-cookies.ts'
import { byPopup } from '../../steps/entra.ts'
import { allowAtProvider } from '../../steps/provider-pages.ts'

story(
  'The hidden iframe gets a token for a guest after the refresh token is refused',
  async ({ world }) => {
    const { idp, bareUrl } = world
    await idp.control.reset()
    const { context, close } = await browserThatAllowsCookies({ ignoreHTTPSErrors: true })
    const page = await context.newPage()
    await page.goto(bareUrl)
    const authority = idp.authority('guest')
    const app = createApp(page, world, { authority, authorityProfile: 'entra' })
    await byPopup(app, 'Carol Clark', { scopes: ['User.Read'] })
    const asGuest = { authority: idp.authority('home') }
    const { popup, outcome } = await app.passesOn({ scopes: ['User.Read'], ...asGuest })
    await allowAtProvider(popup)
    const guest = (await outcome).answer?.account
    expect(guest?.tenantId).toBe(idp.tenants.home.id)

    // The app removed the guest. The provider keeps the consent and the session.
    await page.evaluate((tenantId) => {
      const known = window.auth.accounts.find((account) => account.tenantId === tenantId)
      window.heard = []
      for (const name of ['accountAdded', 'accountRemoved'] as const)
        window.auth.on(name, () => window.heard.push({ name }))
      return known && window.auth.removeAccount(known)
    }, idp.tenants.home.id)
    await idp.control.revokeRefreshTokens()
    // A silent call failed a moment ago, so the app sets `forceRefresh`.
    const insisting = { ...asGuest, forceRefresh: true }
    const { answer, error } = await app.asks(['User.Read'], insisting)
    expect(error).toBeUndefined()
    expect(answer).toMatchObject({ tenantId: idp.tenants.home.id, fromCache: false })
    expect(answer?.account.homeAccountId).toBe(guest?.homeAccountId)
    expect((await app.asks(['User.Read'], asGuest)).answer?.fromCache).toBe(true)
    expect(await page.evaluate(() => window.heard.map(({ name }) => name))).toEqual([
      'accountRemoved',
      'accountAdded',
    ])
    expect(await page.evaluate(() => window.auth.activeAccount?.tenantId)).toBe(
      idp.tenants.guest.id,
    )
    await close()
  },
)
