import type { Page } from '@playwright/test'
import { expect, entraStory as story } from '../../entra-world.ts'
import { byPopup } from '../../steps/entra.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { sendsTokenRequestsItself } from '../../steps/visible-requests.ts'

const AUTHORIZE = /oauth2\/v2\.0\/authorize/
const TOKEN = /oauth2\/v2\.0\/token/

/** The parameters of the next authorization request of any page. */
const nextAuthorization = async (page: Page) => {
  const request = await page.context().waitForEvent('request', (one) => AUTHORIZE.test(one.url()))
  return new URL(request.url()).searchParams
}

story('One token serves all names of a tenant', async ({ app, world }) => {
  const { idp } = world
  await byPopup(app, 'Alice Adams', { scopes: ['User.Read'] })
  await app.idp.control.resetStats()
  const names = ['common', 'organizations', idp.tenants.home.id.toUpperCase(), idp.tenants.home.id]
  for (const name of names) {
    const { answer } = await app.asks(['User.Read'], { authority: `${idp.origin}/${name}` })
    expect(answer).toMatchObject({ fromCache: true, tenantId: idp.tenants.home.id })
  }
  // A domain does not contain the tenant id, so the client looks the domain up once.
  const authority = idp.authority('contoso.example')
  expect((await app.asks(['User.Read'], { authority })).answer?.fromCache).toBe(false)
  expect((await app.asks(['User.Read'], { authority })).answer?.fromCache).toBe(true)
  await app.page.reload()
  await app.starts()
  expect((await app.asks(['User.Read'], { authority })).answer?.fromCache).toBe(true)
  expect((await app.requests()).refresh_token).toBe(1)
})

story('A request for scopes of OpenID Connect only costs one request', async ({ app }) => {
  await byPopup(app, 'Alice Adams', { scopes: ['Mail.Read'] })
  await app.idp.control.resetStats()
  for (const scopes of [['openid', 'profile'], ['openid'], []])
    for (let call = 0; call < 2; call++) expect((await app.asks(scopes)).error).toBeUndefined()
  expect((await app.requests()).token).toBeLessThanOrEqual(1)
})

story('The popup of `acquireToken` sends the login hint of Alice', async ({ app, world }) => {
  await sendsTokenRequestsItself(app.page)
  const { idTokenClaims, account } = await byPopup(app, 'Alice Adams', { scopes: ['User.Read'] })
  const asking = nextAuthorization(app.page)
  const redeeming = app.page.waitForRequest(
    (request) => TOKEN.test(request.url()) && !!request.postData()?.includes('authorization_code'),
  )
  const { popup, outcome } = await app.opensPopupBy('acquireToken', {
    scopes: [`${world.idp.api}/api.read`],
    interaction: 'popup',
  })
  await allowAtProvider(popup)
  expect((await outcome).error).toBeUndefined()
  const asked = await asking
  expect(asked.get('login_hint')).toBe(idTokenClaims.login_hint)
  const anchor = `Oid:${account.homeAccountId.replace('.', '@')}`
  expect(asked.get('X-AnchorMailbox')).toBe(anchor)
  const body = new URLSearchParams((await redeeming).postData() ?? '')
  expect(body.get('X-AnchorMailbox')).toBe(anchor)
})

story('A first sign-in sends the login hint of the app', async ({ app }) => {
  await app.starts()
  const asking = nextAuthorization(app.page)
  const request = { interaction: 'popup', loginHint: 'bob@contoso.example' }
  const { popup, outcome } = await app.opensPopupBy('signIn', request)
  expect((await asking).get('X-AnchorMailbox')).toBe('UPN:bob@contoso.example')
  await expect(popup.getByLabel('Username or email')).toHaveValue('bob@contoso.example')
  await signInAtProvider(popup, 'Bob Brown')
  await allowAtProvider(popup)
  expect((await outcome).answer?.account.username).toBe('bob@contoso.example')
})

story('The error of a redirect URI of another platform names the remedy', async ({ app }) => {
  await app.idp.control.changeSettings({ redirectUriType: 'web' })
  await app.starts()
  const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
  await signInAtProvider(popup, 'Alice Adams')
  await allowAtProvider(popup)
  expect((await outcome).error).toMatchObject({
    code: 'redirect_uri_not_spa',
    oauth: { codes: [9002326] },
  })
  expect(await app.page.evaluate(() => window.auth.accounts)).toEqual([])
})

story('A sign-out at the provider removes the profiles of all tenants', async ({ app, world }) => {
  const { idp } = world
  const options = { authority: idp.authority('guest') }
  await byPopup(app, 'Carol Clark', { scopes: ['User.Read'] }, options)
  const request = { scopes: ['User.Read'], authority: idp.authority('home') }
  const { popup, outcome } = await app.opensPopupBy('acquireTokenPopup', request)
  await allowAtProvider(popup)
  expect((await outcome).answer?.tenantId).toBe(idp.tenants.home.id)
  const count = () => app.page.evaluate(() => window.auth.accounts.length)
  expect(await count()).toBe(2)

  const leaving = app.page.waitForRequest(/oauth2\/v2\.0\/logout/)
  await app.leavesBy('signOut')
  await leaving
  await app.hasReloaded()
  await app.starts(options)
  expect(await count()).toBe(0)
  expect((await app.asks(['User.Read'])).error).toMatchObject({ reason: 'no_account' })
})
