import { expect, expectSame, oidcStory as story } from '../../oidc-world.ts'

const SCOPE = 'openid profile email calendar.read'

story('An app signs in by redirect, reloads, and signs out with a state', async ({ sides }) => {
  const seen = await sides(async (side) => {
    const { page } = side
    await side.starts()
    const before = await side.sees('manager.getUser()')
    const signedIn = await side.signsIn({ scope: SCOPE }, { state: { deep: ['link', 1] } })
    const isAddressLeft = new URL(page.url()).searchParams.has('code')
    const again = await side.sees('manager.signinCallback()')
    await page.goto(side.url)
    await side.starts({ scope: SCOPE })
    const reloaded = await side.sees('manager.getUser()')
    const raised = await side.sees('manager.getUser(true)')
    await side.leaves('manager.signoutRedirect({ state: { bye: 1 }, url_state: "u" })')
    await side.starts()
    const signedOut = await side.sees('manager.signoutCallback()')
    const nobody = await side.sees('manager.getUser()')
    return {
      ...{ before, signedIn, isAddressLeft, again, reloaded, raised, signedOut, nobody },
      events: await side.events(),
      requests: side.requests(),
    }
  })
  expectSame(seen)
})

story('Parameters of a sign-in reach the provider, and url_state comes back', async ({ sides }) => {
  const settings = {
    scope: SCOPE,
    ui_locales: 'en',
    display: 'page',
    extraQueryParams: { organization: 'blue', level: 2 },
    extraHeaders: { 'x-app': 'desk' },
  }
  const args = {
    url_state: 'a;b',
    prompt: 'login',
    login_hint: 'alice@example.com',
    max_age: 60,
    acr_values: 'pwd',
    extraTokenParams: { device: 'desk' },
    nonce: 'computed-by-a-server',
  }
  const seen = await sides(async (side) => {
    const sent: unknown[] = []
    side.context.on('request', (request) => {
      const nonce = new URL(request.url()).searchParams.get('nonce')
      if (nonce !== null) sent.push({ nonce })
      const { pathname } = new URL(request.url())
      if (pathname === '/token') sent.push({ header: request.headers()['x-app'] ?? null })
    })
    await side.starts(settings)
    await side.leaves(`manager.signinRedirect(${JSON.stringify(args)})`)
    const asked = side.requests()
    const state = new URL(side.page.url()).searchParams.get('state')?.split(';').slice(1)
    await side.starts(settings)
    return { asked, state, user: await side.sees('manager.signinRedirectCallback()'), sent }
  })
  expectSame(seen)
  const sent = [{ nonce: 'computed-by-a-server' }, { header: 'desk' }]
  expect(seen.carnet).toMatchObject({ user: { answer: { isUser: true } }, sent })
})

story('Responses that cannot be used fail with the texts that apps compare', async ({ sides }) => {
  const seen = await sides(async (side) => {
    await side.starts()
    const noState = await side.sees('manager.signinCallback("http://localhost/?code=1")')
    const foreign = await side.sees('manager.signinCallback("http://localhost/?code=1&state=x")')
    const noSignOut = await side.sees('manager.signoutCallback("http://localhost/")')
    const foreignSignOut = await side.sees('manager.signoutCallback("http://localhost/?state=x")')
    await side.idp.control.changeSettings({ consent: 'ask' })
    await side.page.evaluate(
      () => void window.manager.signinRedirect({ state: 'kept', scope: 'openid mail.read' }),
    )
    await side.page.getByRole('button', { name: 'Deny' }).click()
    await side.page.waitForURL(`${side.url}?**`)
    const address = side.page.url()
    await side.starts()
    const refused = await side.sees('manager.signinCallback()')
    await side.page.goto(side.url)
    await side.starts()
    await side.idp.control.changeSettings({ consent: 'skip' })
    await side.leaves('manager.signinRedirect({ state: { n: 1 } })')
    const later = side.page.url()
    // A router of the app has removed the response meanwhile.
    await side.page.goto(side.url)
    await side.starts()
    const fromText = await side.sees(`manager.signinCallback(${JSON.stringify(later)})`)
    const used = await side.sees(`manager.signinCallback(${JSON.stringify(address)})`)
    return { noState, foreign, noSignOut, foreignSignOut, refused, fromText, used }
  })
  expectSame(seen)
})

story('The user info is part of the profile, and survives a reload', async ({ sides }) => {
  const settings = { scope: 'openid email', loadUserInfo: true }
  const seen = await sides(async (side) => {
    const signedIn = await side.signsIn(settings)
    await side.page.goto(side.url)
    await side.starts(settings)
    const reloaded = await side.sees('manager.getUser()')
    return { signedIn, reloaded, requests: side.requests() }
  })
  expectSame(seen)
})

story('An app revokes tokens, forgets the user, and signs out with nobody', async ({ sides }) => {
  const seen = await sides(async (side) => {
    const revokeTokenAdditionalContentTypes = ['text/plain']
    await side.signsIn({ scope: SCOPE, revokeTokenAdditionalContentTypes })
    const revoked = await side.sees('manager.revokeTokens(["refresh_token"])')
    const kept = await side.sees('manager.getUser()')
    const removed = await side.sees('manager.removeUser()')
    const nobody = await side.sees('manager.getUser()')
    const again = await side.sees('manager.removeUser()')
    const noTokens = await side.sees('manager.revokeTokens()')
    const events = await side.events()
    await side.page.evaluate(() => void window.manager.signoutRedirect())
    await side.page.waitForURL(`${side.idp.issuer}/**`)
    const requests = side.requests().filter(({ to }) => to !== '/token')
    return { revoked, kept, removed, nobody, again, noTokens, events, requests }
  })
  expectSame(seen)
})

story('A provider without a sign-out page is an error with a known text', async ({ sides }) => {
  const seen = await sides(async (side) => {
    await side.idp.control.changeSettings({ discovery: { end_session_endpoint: null } })
    await side.signsIn()
    const failed = await side.sees('manager.signoutRedirect()')
    return { failed, user: await side.sees('manager.getUser()'), events: await side.events() }
  })
  expectSame(seen)
})

story('An app stores a user of its own, without an event', async ({ sides }) => {
  const seen = await sides(async (side) => {
    const signedIn = await side.signsIn({ scope: SCOPE })
    const copy =
      'manager.getUser().then((user) => manager.removeUser().then(() => manager.storeUser(user)))'
    const stored = await side.sees(copy)
    const user = await side.sees('manager.getUser()')
    const none = await side.sees('manager.storeUser(null)')
    return { signedIn, stored, user, none, left: await side.sees('manager.getUser()') }
  })
  expectSame(seen)
})

story('The metadata of the provider are there by name', async ({ sides }) => {
  const seen = await sides(async (side) => {
    await side.starts({ metadataSeed: { check_session_iframe: 'https://idp.example/frame' } })
    const names = [
      'getIssuer',
      'getTokenEndpoint',
      'getEndSessionEndpoint',
      'getCheckSessionIframe',
    ]
    const known = []
    for (const name of names) known.push(await side.sees(`manager.metadataService.${name}()`))
    const keys = await side.sees('manager.metadataService.getSigningKeys()')
    return { known, keys, all: await side.sees('manager.metadataService.getMetadata()') }
  })
  expectSame(seen)
})

story('An OidcClient creates requests, and completes their responses', async ({ sides }) => {
  const create =
    'new oidc.OidcClient({ authority: manager.settings.authority, client_id: "spa", redirect_uri: location.origin + "/", post_logout_redirect_uri: location.origin + "/" })'
  const seen = await sides(async (side) => {
    await side.starts()
    await side.leaves(
      `${create}.createSigninRequest({ state: 5 }).then(({ url }) => location.assign(url))`,
    )
    await side.starts()
    const face =
      '({ access_token, id_token, profile, scope, userState, isOpenId }) => ({ hasTokens: !!access_token && !!id_token, sub: profile.sub, scope, userState, isOpenId })'
    const response = await side.sees(`${create}.processSigninResponse(location.href).then(${face})`)
    const used = await side.sees(`${create}.processSigninResponse(location.href)`)
    await side.leaves(
      `${create}.createSignoutRequest({ state: { bye: 1 }, id_token_hint: "x" }).then(({ url }) => location.assign(location.href.split("?")[0] + "?state=" + new URL(url).searchParams.get("state")))`,
    )
    await side.starts()
    const signedOut = await side.sees(`${create}.processSignoutResponse(location.href)`)
    const declined = await side.sees(`${create}.getDpopProof === undefined`)
    return { response, used, signedOut, declined, requests: side.requests() }
  })
  expectSame(seen)
})
