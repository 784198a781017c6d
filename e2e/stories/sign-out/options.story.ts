import { anotherTab } from '../../steps/app.ts'
import { waitsAtHumanPace } from '../../steps/human-pace.ts'
import { signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

story('Alice signs out by popup, and the page stays', async ({ app }) => {
  await app.isSignedIn()
  await app.page.evaluate(() => {
    window.heard = []
    const hear = (name: string, details: object) => window.heard.push({ name, ...details })
    window.auth.on('popupOpened', ({ purpose, correlationId, window: { closed } }) =>
      hear('popupOpened', { purpose, correlationId, closed }),
    )
    for (const name of ['interactionStarted', 'interactionEnded'] as const)
      window.auth.on(name, (event) => hear(name, event))
    window.auth.on('signedOut', ({ tab, correlationId }) =>
      hear('signedOut', { tab, correlationId }),
    )
  })
  const request = { interaction: 'popup', correlationId: 'bye' } as const
  const { popup, outcome } = await app.opensPopupBy('signOut', request)
  expect((await outcome).error).toBeUndefined()
  const about = { purpose: 'signOut', correlationId: 'bye' }
  expect(await app.page.evaluate(() => window.heard)).toEqual([
    { name: 'interactionStarted', interaction: 'popup', ...about },
    { name: 'popupOpened', closed: false, ...about },
    { name: 'signedOut', tab: 'this', correlationId: 'bye' },
    { name: 'interactionEnded', interaction: 'popup', ...about },
  ])
  await expect.poll(() => popup.isClosed()).toBe(true)
  expect((await app.requests()).end_session).toBe(1)
  expect(await app.page.evaluate(() => window.auth.accounts.length)).toBe(0)

  await app.leavesBy('signIn')
  await expect(app.page.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
})

story(
  'The sign-out waits for a popup at the provider until `interaction.timeoutMs` ends',
  async ({ app }) => {
    await app.isSignedIn({}, 'Alice Adams', { interaction: { timeoutMs: 1000 } })
    await app.idp.control.addFault({
      endpoint: 'end_session',
      fault: { kind: 'respond', status: 200, body: 'You are signed out.' },
    })
    const { popup, outcome } = await app.opensPopupBy('signOut', { interaction: 'popup' })
    expect((await outcome).error).toBeUndefined()
    await expect.poll(() => popup.isClosed()).toBe(true)
  },
)

story(
  'The provider gets the user and the return address of the sign-out',
  async ({ app, world }) => {
    await app.isSignedIn()
    const asking = app.page.waitForRequest(/session\/end/)
    await app.leavesBy('signOut', { logoutHint: 'alice@example.com', postLogoutRedirectUri: '/' })
    const asked = new URL((await asking).url()).searchParams
    expect(asked.get('logout_hint')).toBe('alice@example.com')
    expect(asked.get('post_logout_redirect_uri')).toBe(world.bareUrl)
    expect(asked.get('client_id')).toBe('spa')
    expect(asked.get('id_token_hint')?.split('.')).toHaveLength(3)
    await app.hasReloaded()
  },
)

story('The page after a sign-out gets the `state` of the app, once', async ({ app }) => {
  const completes = () => app.page.evaluate(() => window.auth.completeSignOut())
  await app.isSignedIn()
  await app.leavesBy('signOut', { state: 'from the menu' })
  await app.hasReloaded()
  await app.starts()
  expect([await completes(), await completes()]).toEqual([{ state: 'from the menu' }, null])

  await app.starts({ response: 'leave' })
  await app.leavesBy('signOut', { account: 'all', state: 'again', postLogoutRedirectUri: '/' })
  await app.hasReloaded()
  await app.starts({ response: 'leave' })
  expect([await completes(), await completes()]).toEqual([{ state: 'again' }, null])
  expect(new URL(app.page.url()).search).toBe('')
})

story.describe('with third-party cookies', () => {
  story.use({ cookies: 'allowed' })

  story('A sign-out in a hidden iframe ends the session, and the page stays', async ({ app }) => {
    await app.isSignedIn()
    expect((await app.calls('signOut', { interaction: 'iframe' })).error).toBeUndefined()
    expect((await app.requests()).end_session).toBe(1)
    expect(await app.page.locator('iframe').count()).toBe(0)
    expect((await app.calls('ssoSilent')).error).toMatchObject({ code: 'interaction_required' })

    const away = { interaction: 'iframe', postLogoutRedirectUri: null } as const
    await app.isSignedIn()
    expect((await app.calls('signOut', away)).error).toMatchObject({ code: 'invalid_request' })
    expect(await app.page.evaluate(() => window.auth.accounts.length)).toBe(1)
  })
})

story(
  'The provider may redirect to a registered address of another site',
  async ({ app, world }) => {
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
    const { popup, outcome } = await app.opensPopupBy('signOut', request)
    await popup.waitForURL(`${demoUrl}**`)
    await waitsAtHumanPace(app.page)
    await popup.close() // No page there closes the popup.
    expect((await outcome).error).toBeUndefined()
  },
)

story('The sign-out revokes the refresh token if the app requests it', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  await app.calls('signOut', { interaction: 'none', revoke: true })
  expect((await app.requests()).revocation).toBe(1)
})

story('A failed revocation is reported, and the account is removed', async ({ app }) => {
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
  'A concurrent renewal in another tab fails, and does not restore the account',
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

story(
  'One visit to the provider signs everybody out, also if nobody is signed in',
  async ({ app }) => {
    await app.isSignedIn()
    const { popup, outcome } = await app.opensPopupBy('signIn', {
      interaction: 'popup',
      prompt: 'select_account',
    })
    await popup.getByRole('button', { name: 'Use another account' }).click()
    await signInAtProvider(popup, 'Bob Brown')
    expect((await outcome).answer?.uniqueId).toBe('bob')
    const signsOut = async (request: object) => {
      const asking = app.page.waitForRequest(/session\/end/)
      await app.leavesBy('signOut', { account: 'all', ...request })
      const asked = new URL((await asking).url()).searchParams
      await app.hasReloaded()
      await app.starts()
      return {
        hint: asked.get('id_token_hint'),
        accounts: await app.page.evaluate(() => window.auth.accounts.length),
      }
    }
    expect(await app.page.evaluate(() => window.auth.accounts.length)).toBe(2)
    const first = await signsOut({ revoke: true })
    expect([first.hint?.split('.').length, first.accounts]).toEqual([3, 0])
    expect((await app.requests()).revocation).toBe(2)
    expect(await signsOut({})).toEqual({ hint: null, accounts: 0 })
    expect(await signsOut({ idTokenHint: first.hint })).toEqual({ hint: first.hint, accounts: 0 })
  },
)
