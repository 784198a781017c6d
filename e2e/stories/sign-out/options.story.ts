import { anotherTab } from '../../steps/app.ts'
import { waitsAtHumanPace } from '../../steps/human-pace.ts'
import { expect, story } from '../../world.ts'

story('Alice signs out in a window, and the page stays', async ({ app }) => {
  await app.isSignedIn()
  const { popup, outcome } = await app.opensWindowBy('signOut', { interaction: 'popup' })
  expect((await outcome).error).toBeUndefined()
  await expect.poll(() => popup.isClosed()).toBe(true)
  expect((await app.requests()).end_session).toBe(1)
  expect(await app.page.evaluate(() => window.auth.accounts.length)).toBe(0)

  await app.leavesBy('signIn')
  await expect(app.page.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
})

story(
  'A sign-out window that stays at the provider is waited for as long as was said',
  async ({ app }) => {
    await app.isSignedIn({}, 'Alice Adams', { interaction: { timeoutMs: 1000 } })
    await app.idp.control.addFault({
      endpoint: 'end_session',
      fault: { kind: 'respond', status: 200, body: 'You are signed out.' },
    })
    const { popup, outcome } = await app.opensWindowBy('signOut', { interaction: 'popup' })
    expect((await outcome).error).toBeUndefined()
    await expect.poll(() => popup.isClosed()).toBe(true)
  },
)

story('The provider is told who signs out, and where to go on', async ({ app, world }) => {
  await app.isSignedIn()
  const asking = app.page.waitForRequest(/session\/end/)
  await app.leavesBy('signOut', { logoutHint: 'alice@example.com', postLogoutRedirectUri: '/' })
  const asked = new URL((await asking).url()).searchParams
  expect(asked.get('logout_hint')).toBe('alice@example.com')
  expect(asked.get('post_logout_redirect_uri')).toBe(world.bareUrl)
  expect(asked.get('client_id')).toBe('spa')
  expect(asked.get('id_token_hint')?.split('.')).toHaveLength(3)
  await app.isLoadedAnew()
})

story('The provider may send her on to another site that it knows', async ({ app, world }) => {
  const { bareUrl, demoUrl, idp } = world
  await idp.control.addClient({
    clientId: 'with-home',
    redirectUris: [bareUrl],
    postLogoutRedirectUris: [demoUrl],
  })
  const options = { clientId: 'with-home' }
  await app.isSignedIn({}, 'Alice Adams', options)
  await app.leavesBy('signOut', { postLogoutRedirectUri: demoUrl })
  await app.page.waitForURL(demoUrl)

  await app.page.goto(bareUrl)
  await app.isSignedIn({}, 'Alice Adams', options)
  const request = { interaction: 'popup', postLogoutRedirectUri: demoUrl }
  const { popup, outcome } = await app.opensWindowBy('signOut', request)
  await popup.waitForURL(`${demoUrl}**`)
  await waitsAtHumanPace(app.page)
  await popup.close() // From there nothing comes back to close it.
  expect((await outcome).error).toBeUndefined()
})

story('The refresh token is revoked where the app wants that', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  await app.calls('signOut', { interaction: 'none', revoke: true })
  expect((await app.requests()).revocation).toBe(1)
})

story('A revocation that fails is told; the account is gone all the same', async ({ app }) => {
  await app.isSignedIn()
  await app.idp.control.addFault({
    endpoint: 'revocation',
    fault: { kind: 'respond', status: 401, body: { error: 'invalid_client' } },
  })
  const { error } = await app.calls('signOut', { interaction: 'none', revoke: true })
  expect(error).toMatchObject({ code: 'revocation_failed' })
  expect(await app.page.evaluate(() => window.auth.accounts.length)).toBe(0)
})

story(
  'A renewal that runs in another tab ends with a code, and brings nobody back',
  async ({ app }) => {
    await app.isSignedIn({ scopes: ['calendar.read'] })
    const other = await anotherTab(app)
    await other.starts()
    await app.idp.control.changeSettings({ latencyMs: { token: 1500 } })

    const renewing = other.asks(['calendar.read'], { forceRefresh: true })
    await expect.poll(async () => (await app.requests()).refresh_token).toBe(1)
    await app.calls('signOut', { interaction: 'none' })
    expect((await renewing).error).toMatchObject({ code: 'account_not_found' })

    for (const tab of [app, other]) {
      await tab.page.reload()
      expect((await tab.starts()).answer?.username).toBeUndefined()
    }
  },
)
