import { entraStory, expect } from '../../entra-world.ts'
import { type App, createApp } from '../../steps/app.ts'
import { browserByNames } from '../../steps/browser/browser-by-names.ts'
import { byPopup } from '../../steps/entra.ts'

const EXTERNAL_ID = 'https://contoso.ciamlogin.com/'
const B2C = 'https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_signin'

/** An app of a customer directory, with the host names of real directories. */
const story = entraStory.extend<{ appAt: (authority: string) => Promise<App> }>({
  appAt: async ({ world }, use) => {
    await world.idp.control.reset()
    const browser = await browserByNames(['ciamlogin.com', 'b2clogin.com'], world.idp.port)
    await use(async (authority) => {
      const page = await browser.context.newPage()
      await page.goto(world.bareUrl)
      return createApp(page, world, { authority })
    })
    await browser.close()
  },
})

const whoIs = ({ page }: App) =>
  page.evaluate(() => {
    const { environment, homeAccountId, tenantId } = window.auth.activeAccount ?? {}
    return { environment, homeAccountId, tenantId }
  })

story('External ID: an authority without a path', async ({ appAt, world }) => {
  const { idp } = world
  const app = await appAt(EXTERNAL_ID)
  const scopes = [`${idp.api}/api.read`]
  const { account } = await byPopup(app, 'Alice Adams', { scopes })
  const tenantId = idp.tenants.home.id
  expect(await whoIs(app)).toEqual({
    environment: 'contoso.ciamlogin.com',
    homeAccountId: `${account.localAccountId}.${tenantId}`,
    tenantId,
  })
  expect((await app.asks(scopes)).answer?.fromCache).toBe(true)
  expect((await app.asks(scopes, { authority: EXTERNAL_ID })).answer?.fromCache).toBe(true)
  expect((await app.asks(scopes, { forceRefresh: true })).answer?.fromCache).toBe(false)

  const asking = app.page.waitForRequest(/ciamlogin\.com\/.*\/logout/)
  await app.leavesBy('signOut')
  await asking
  await app.hasReloaded()
  expect((await app.starts()).answer?.username).toBeUndefined()
})

story('Azure AD B2C: a policy with tokens that name no tenant', async ({ appAt, world }) => {
  const app = await appAt(B2C)
  const scopes = [`${world.idp.api}/api.read`]
  const { idTokenClaims } = await byPopup(app, 'Alice Adams', { scopes })
  expect(idTokenClaims.tfp).toBe('b2c_1_signin')
  const who = await whoIs(app)
  expect([who.environment, who.tenantId]).toEqual(['contoso.b2clogin.com', ''])
  expect(who.homeAccountId).toContain('-b2c_1_signin.')
  expect((await app.asks(scopes)).answer?.fromCache).toBe(true)
  expect((await app.asks(scopes, { authority: B2C })).answer?.fromCache).toBe(true)
  expect((await app.asks(scopes, { forceRefresh: true })).answer?.fromCache).toBe(false)
  expect((await app.requests()).refresh_token).toBe(1)
})

story(
  'Azure AD B2C signs a user in without a scope of an API: the result has an ID token only',
  async ({ appAt }) => {
    const app = await appAt(B2C)
    await app.starts()
    const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
    await popup.getByRole('button', { name: 'Continue as Alice Adams' }).click()
    await popup.getByRole('button', { name: 'Allow' }).click()
    const { answer } = await outcome
    expect(answer?.accessToken).toBe('')
    expect(answer?.idToken).toBeTruthy()
    expect((await app.asks(['openid'])).answer).toMatchObject({ accessToken: '', fromCache: true })
    const renewed = (await app.asks(['openid'], { forceRefresh: true })).answer
    expect(renewed).toMatchObject({ accessToken: '', fromCache: false })
    // `session_state` came with the sign-in only.
    expect(renewed?.response?.session_state).toBe(answer?.response?.session_state)
    expect(renewed?.response?.session_state).toBeTruthy()

    const again = await app.opensPopupBy('signIn', { interaction: 'popup', scopes: ['spa'] })
    await again.popup.getByRole('button', { name: 'Allow' }).click()
    expect((await again.outcome).answer).toMatchObject({ scopes: ['spa'], declinedScopes: [] })
    expect((await app.asks(['spa'])).answer?.fromCache).toBe(true)
  },
)
