import { type EntraWorld, expect, entraStory as story } from '../../entra-world.ts'
import { byPopup } from '../../steps/entra.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { sendsTokenRequestsItself } from '../../steps/visible-requests.ts'

const HOUR_MS = 3_600_000
const MANAGEMENT = 'https://management.core.windows.net//user_impersonation'
const apiRead = ({ idp }: EntraWorld) => `${idp.api}/api.read`

story(
  'Alice signs in by popup with her home account, her tenant and a token for Graph',
  async ({ app, world }) => {
    const { idp } = world
    const { account, tenantId, scopes } = await byPopup(app, 'Alice Adams', {
      scopes: ['User.Read'],
    })
    expect(tenantId).toBe(idp.tenants.home.id)
    expect(account.homeAccountId).toBe(`${account.localAccountId}.${idp.tenants.home.id}`)
    expect(account).toMatchObject({ environment: new URL(idp.origin).host, name: 'Alice Adams' })
    expect(account.tenantProfiles).toMatchObject([{ tenantId, isHomeTenant: true }])
    expect(scopes.map((scope) => scope.toLowerCase())).toContain('user.read')

    const answers = [['user.read'], ['https://graph.microsoft.com/User.Read'], ['USER.READ']]
    for (const spelling of answers) expect((await app.asks(spelling)).answer?.fromCache).toBe(true)
    const me = await app.page.evaluate(async (graph) => {
      const { accessToken } = await window.auth.acquireTokenSilent({ scopes: ['User.Read'] })
      const headers = { authorization: `Bearer ${accessToken}` }
      return (await fetch(`${graph}/me`, { headers })).json()
    }, idp.graph)
    expect(me).toMatchObject({ displayName: 'Alice Adams' })
  },
)

story(
  'Alice signs in by redirect through `organizations`, which has a template as issuer',
  async ({ app, world }) => {
    const options = { authority: world.idp.authority('organizations') }
    await app.starts(options)
    await app.leavesBy('signIn', { scopes: ['User.Read'] })
    await signInAtProvider(app.page, 'Bob Brown')
    await allowAtProvider(app.page)
    await app.returnsTo()
    expect((await app.starts(options)).answer?.username).toBe('bob@contoso.example')
    const tenant = await app.page.evaluate(() => window.auth.activeAccount?.tenantId)
    expect(tenant).toBe(world.idp.tenants.home.id)
  },
)

story(
  'One refresh token gets tokens for Graph, an own API and Azure management',
  async ({ app, world }) => {
    await byPopup(app, 'Alice Adams', {
      scopes: ['User.Read'],
      extraScopesToConsent: [apiRead(world), MANAGEMENT],
    })
    await app.idp.control.resetStats()
    for (const scope of [apiRead(world), MANAGEMENT]) {
      expect((await app.asks([scope])).answer).toMatchObject({ fromCache: false, scopes: [scope] })
      expect((await app.asks([scope.toUpperCase()])).answer?.fromCache).toBe(true)
    }
    expect((await app.asks(['User.Read'])).answer?.fromCache).toBe(true)
    expect(await app.requests()).toMatchObject({ token: 2, refresh_token: 2, authorization: 0 })
  },
)

story(
  'A request for two resources in one token is refused without a network request',
  async ({ app, world }) => {
    await byPopup(app, 'Alice Adams', { scopes: ['User.Read'] })
    await app.idp.control.resetStats()
    const { error } = await app.asks(['User.Read', apiRead(world)])
    expect(error).toMatchObject({ code: 'invalid_request' })
    expect(error?.message).toContain('acquireTokens')
    expect((await app.requests()).token).toBe(0)
  },
)

story('`acquireTokens` returns one result per resource with one popup', async ({ app, world }) => {
  await byPopup(app, 'Alice Adams', { scopes: ['User.Read'] })
  const scopes = ['User.Read', apiRead(world), MANAGEMENT]
  const opening = app.page.waitForEvent('popup')
  const answering = app.page.evaluate(async (asked) => {
    const results = await window.auth.acquireTokens({ scopes: asked, interaction: 'popup' })
    return results.map(({ scopes: granted }) => granted)
  }, scopes)
  await allowAtProvider(await opening)
  const [graph, api, management] = await answering
  expect(graph?.map((scope) => scope.toLowerCase())).toContain('user.read')
  expect(api).toEqual([apiRead(world)])
  expect(management).toEqual([MANAGEMENT])
})

story(
  'Missing consent is the reason of the error, and a silent call does not ask twice',
  async ({ app, world }) => {
    await byPopup(app, 'Alice Adams', { scopes: ['User.Read'] })
    await app.idp.control.resetStats()
    for (let call = 0; call < 2; call++) {
      const { error } = await app.asks([apiRead(world)])
      expect(error).toMatchObject({ code: 'interaction_required', reason: 'consent' })
    }
    expect((await app.requests()).refresh_token).toBe(1)
    expect((await app.asks(['User.Read'], { forceRefresh: true })).answer?.fromCache).toBe(false)
  },
)

story('`.default` requests all scopes with consent', async ({ app }) => {
  await byPopup(app, 'Alice Adams', { scopes: ['User.Read', 'Mail.Read'] })
  const scopes = ['https://graph.microsoft.com/.default']
  const { answer } = await app.asks(scopes)
  expect(answer).toMatchObject({ fromCache: false, declinedScopes: [] })
  expect((await app.asks(scopes)).answer?.fromCache).toBe(true)
})

story(
  'Carol is a guest of Contoso, with one home account and two tenants',
  async ({ app, world }) => {
    const { idp } = world
    const atHome = await byPopup(
      app,
      'Carol Clark',
      { scopes: ['User.Read'] },
      { authority: idp.authority('guest') },
    )
    expect(atHome.tenantId).toBe(idp.tenants.guest.id)
    const inContoso = await app.page.evaluate(
      (authority) =>
        window.auth
          .acquireTokenSilent({ scopes: ['User.Read'], authority })
          .then(({ account, tenantId }) => ({ account, tenantId }), window.seen),
      idp.authority('home'),
    )
    if (!('account' in inContoso)) {
      // The guest has no consent in that tenant yet.
      expect(inContoso).toMatchObject({ code: 'interaction_required' })
      const { popup, outcome } = await app.opensPopupBy('acquireTokenPopup', {
        scopes: ['User.Read'],
        authority: idp.authority('home'),
      })
      await allowAtProvider(popup)
      expect((await outcome).answer?.tenantId).toBe(idp.tenants.home.id)
    }
    const accounts = await app.page.evaluate(() => window.auth.accounts)
    expect(new Set(accounts.map(({ homeAccountId }) => homeAccountId))).toEqual(
      new Set([atHome.account.homeAccountId]),
    )
    expect(new Set(accounts.map(({ tenantId }) => tenantId))).toEqual(
      new Set([idp.tenants.home.id, idp.tenants.guest.id]),
    )
    expect(accounts[0]?.tenantProfiles).toHaveLength(2)
    const guest = accounts.find(({ tenantId }) => tenantId === idp.tenants.home.id)
    expect(
      guest?.tenantProfiles?.find(({ tenantId }) => tenantId === guest.tenantId)?.isHomeTenant,
    ).toBe(false)
  },
)

story('The reason of the error names the 24 hours of a refresh token', async ({ app }) => {
  await app.idp.control.changeSettings({ spaRefreshTokenLifetime: 1 })
  await byPopup(app, 'Alice Adams', { scopes: ['User.Read'] }, { silent: { iframe: false } })
  await expect
    .poll(async () => (await app.asks(['User.Read'], { forceRefresh: true })).error?.reason)
    .toBe('refresh_token_expired')
})

story('The forecast knows the 24 hours of a refresh token', async ({ app }) => {
  await byPopup(app, 'Alice Adams', { scopes: ['User.Read'] })
  const { cause, silentUntil } = await app.page.evaluate(() => window.auth.forecast())
  expect(['entra_24h', 'refresh_token']).toContain(cause)
  const hours = ((silentUntil?.getTime() ?? 0) - Date.now()) / HOUR_MS
  expect(hours).toBeGreaterThan(23)
  expect(hours).toBeLessThanOrEqual(24.1)
})

story('A claims challenge goes into the popup, and the token satisfies it', async ({ app }) => {
  await byPopup(app, 'Alice Adams', { scopes: ['User.Read'] })
  await app.idp.control.changeSettings({ mfaRequired: true })
  const { error } = await app.asks(['User.Read'], { forceRefresh: true })
  expect(error).toMatchObject({ reason: 'mfa' })
  const { popup, outcome } = await app.opensPopupBy('acquireToken', {
    scopes: ['User.Read'],
    forceRefresh: true,
    interaction: 'popup',
  })
  await popup.getByRole('button', { name: 'Approve' }).click()
  expect((await outcome).answer?.uniqueId).toBeDefined()
})

story(
  'Each request sends the client capabilities; the cache never answers a claims request',
  async ({ app }) => {
    await sendsTokenRequestsItself(app.page)
    await byPopup(app, 'Alice Adams', { scopes: ['User.Read'] }, { clientCapabilities: ['cp1'] })
    const asking = app.page.waitForRequest(/oauth2\/v2\.0\/token/)
    const claims = JSON.stringify({
      access_token: { nbf: { essential: true, value: '1700000000' } },
    })
    const answering = app.asks(['User.Read'], { claims })
    const body = new URLSearchParams((await asking).postData() ?? '')
    expect(JSON.parse(body.get('claims') ?? '{}')).toEqual({
      access_token: { nbf: { essential: true, value: '1700000000' }, xms_cc: { values: ['cp1'] } },
    })
    expect(body.get('X-AnchorMailbox')).toMatch(/^Oid:[0-9a-f-]{36}@[0-9a-f-]{36}$/)
    expect((await answering).answer?.fromCache).toBe(false)
  },
)

story('The sign-out request names Alice by `logout_hint`', async ({ app, world }) => {
  await byPopup(app, 'Alice Adams', { scopes: ['User.Read'] })
  const asking = app.page.waitForRequest(/oauth2\/v2\.0\/logout/)
  await app.leavesBy('signOut')
  expect(new URL((await asking).url()).searchParams.get('logout_hint')).toBeTruthy()
  await app.hasReloaded()
  expect((await app.starts()).answer?.username).toBeUndefined()
  expect(app.page.url()).toBe(world.bareUrl)
})

story('A discovery document of another tenant is refused', async ({ app, world }) => {
  await app.idp.control.changeSettings({
    discovery: { issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' },
  })
  await app.starts({ authority: world.idp.authority('home') })
  expect((await app.calls('signIn')).error).toMatchObject({ code: 'issuer_mismatch' })
})
