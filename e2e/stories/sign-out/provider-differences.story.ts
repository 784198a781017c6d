import type { App } from '../../steps/app.ts'
import { waitsAtHumanPace } from '../../steps/human-pace.ts'
import { expect, story } from '../../world.ts'

/** An ID token with these groups is too long for an address. */
const MANY_GROUPS = Array.from({ length: 400 }, (_, n) => `group-${n}-with-a-rather-long-name`)

/** Signs Alice in as a member of many groups. */
async function isInManyGroups(app: App) {
  const claims = { groups: MANY_GROUPS }
  await app.idp.control.addFault({ endpoint: 'token', fault: { kind: 'idToken', claims } })
  const { answer } = await app.isSignedIn()
  expect(answer?.username).toBe('alice@example.com')
}

const asksToEnd = (app: App) =>
  app.page.context().waitForEvent('request', (request) => request.url().includes('/session/end'))

/** Checks that the provider has no session: it shows its sign-in page. */
async function isSignedOutAtProvider(app: App) {
  await app.leavesBy('signIn')
  await expect(app.page.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
}

const accounts = ({ page }: App) => page.evaluate(() => window.auth.accounts.length)

story(
  'A sign-out by redirect returns its state, and the app starts at a clean address',
  async ({ app, world }) => {
    const home = `${world.bareUrl}shop?code=SUMMER&error=none`
    await world.idp.control.addClient({
      clientId: 'shop',
      redirectUris: [world.bareUrl],
      postLogoutRedirectUris: [home],
    })
    await app.isSignedIn({}, 'Alice Adams', { clientId: 'shop' })
    const asking = asksToEnd(app)
    await app.leavesBy('signOut', { postLogoutRedirectUri: home })
    const state = new URL((await asking).url()).searchParams.get('state')
    await app.page.waitForURL(/shop/)
    await app.hasReloaded()
    expect(new URL(app.page.url()).searchParams.get('state')).toBe(state)

    const { answer, error } = await app.starts({ clientId: 'shop' })
    expect([answer, error]).toEqual([{ username: undefined }, undefined])
    expect(app.page.url()).toBe(home)
  },
)

story('The app adds parameters to one sign-out or to all sign-outs', async ({ app, world }) => {
  await app.isSignedIn()
  const first = asksToEnd(app)
  const extraParameters = { logout_uri: world.bareUrl, returnTo: `${world.bareUrl}?a=b&c` }
  await app.leavesBy('signOut', { extraParameters })
  expect(Object.fromEntries(new URL((await first).url()).searchParams)).toMatchObject({
    client_id: 'spa',
    ...extraParameters,
  })
  await app.hasReloaded()

  await app.page.goto(world.bareUrl)
  const options = { signOut: { extraParameters: { logout_uri: '/a', region: 'eu' } } }
  await app.isSignedIn({}, 'Alice Adams', options)
  const second = asksToEnd(app)
  await app.leavesBy('signOut', { extraParameters: { logout_uri: '/b' } })
  const { logout_uri, region } = Object.fromEntries(new URL((await second).url()).searchParams)
  expect([logout_uri, region]).toEqual(['/b', 'eu'])
})

story('The app can reduce the sign-out request to the `client_id`', async ({ app }) => {
  await app.isSignedIn({}, 'Alice Adams', { postLogoutRedirectUri: null })
  const asking = asksToEnd(app)
  await app.leavesBy('signOut', { idTokenHint: false })
  const request = await asking
  expect(Object.fromEntries(new URL(request.url()).searchParams)).toEqual({ client_id: 'spa' })
  expect(request.method()).toBe('GET')
})

story('A long ID token is posted, and Alice returns to the app', async ({ app, world }) => {
  await isInManyGroups(app)
  const asking = asksToEnd(app)
  await app.leavesBy('signOut')
  const request = await asking
  expect(request.method()).toBe('POST')
  expect(request.url()).not.toContain('id_token_hint')
  const posted = new URLSearchParams(request.postData() ?? '')
  expect(posted.get('id_token_hint')?.split('.')).toHaveLength(3)
  expect(posted.get('client_id')).toBe('spa')

  await app.hasReloaded()
  expect((await app.starts()).answer?.username).toBeUndefined()
  expect(app.page.url()).toBe(world.bareUrl)
  expect(await app.page.evaluate(() => Object.keys(localStorage))).toEqual([])
  await isSignedOutAtProvider(app)
})

story('A long ID token is posted in a popup, which closes', async ({ app }) => {
  await isInManyGroups(app)
  const asking = asksToEnd(app)
  const { popup, outcome } = await app.opensPopupBy('signOut', { interaction: 'popup' })
  expect((await asking).method()).toBe('POST')
  expect((await outcome).error).toBeUndefined()
  await expect.poll(() => popup.isClosed()).toBe(true)
  expect(await app.page.evaluate(() => Object.keys(localStorage))).toEqual([])
  await isSignedOutAtProvider(app)
})

story(
  'A provider that refuses POST gets a short address at the next sign-out',
  async ({ app, world }) => {
    await isInManyGroups(app)
    await app.idp.control.addFault({
      endpoint: 'end_session',
      fault: { kind: 'respond', status: 405, body: 'Method Not Allowed' },
    })
    await app.leavesBy('signOut')
    await expect(app.page.getByText('Method Not Allowed')).toBeVisible()
    await app.page.goto(world.bareUrl)
    expect((await app.starts()).answer?.username).toBeUndefined()

    await isInManyGroups(app)
    const asking = asksToEnd(app)
    await app.leavesBy('signOut')
    const request = await asking
    expect(request.method()).toBe('GET')
    const asked = Object.fromEntries(new URL(request.url()).searchParams)
    expect(asked).toMatchObject({ client_id: 'spa', logout_hint: 'alice@example.com' })
    expect(asked.id_token_hint).toBeUndefined()
  },
)

for (const interaction of ['redirect', 'popup'] as const)
  story(`A sign-out works under a policy that forbids forms (${interaction})`, async ({ app }) => {
    await isInManyGroups(app)
    await app.page.evaluate(() => {
      const policy = document.createElement('meta')
      Object.assign(policy, {
        httpEquiv: 'Content-Security-Policy',
        content: "form-action 'none'",
      })
      document.head.append(policy)
    })
    const asking = asksToEnd(app)
    if (interaction === 'redirect') await app.leavesBy('signOut')
    else await app.opensPopupBy('signOut', { interaction })
    const request = await asking
    expect(request.method()).toBe('GET')
    expect(new URL(request.url()).searchParams.get('logout_hint')).toBe('alice@example.com')
  })

for (const [status, body] of [
  [414, 'URI Too Long'],
  [400, 'id_token_hint is not valid'],
  [200, 'You are signed out.'],
] as const) {
  const fault = { kind: 'respond', status, body } as const

  story(
    `The provider responds with ${status}: Alice goes back, and the app works`,
    async ({ app }) => {
      await app.isSignedIn()
      await app.idp.control.addFault({ endpoint: 'end_session', fault })
      await app.leavesBy('signOut')
      await expect(app.page.getByText(body)).toBeVisible()
      await app.page.goBack()
      await app.hasReloaded()
      expect((await app.starts()).answer?.username).toBeUndefined()
      expect((await app.isSignedIn()).answer?.username).toBe('alice@example.com')
    },
  )

  story(
    `The provider responds with ${status} in the popup: the call settles when Alice closes it`,
    async ({ app }) => {
      await app.isSignedIn()
      await app.idp.control.addFault({ endpoint: 'end_session', fault })
      const { popup, outcome } = await app.opensPopupBy('signOut', { interaction: 'popup' })
      await expect(popup.getByText(body)).toBeVisible()
      expect(await accounts(app)).toBe(0)
      await waitsAtHumanPace(app.page)
      await popup.close()
      expect((await outcome).error).toBeUndefined()
      expect((await app.isSignedIn()).answer?.username).toBe('alice@example.com')
    },
  )
}
