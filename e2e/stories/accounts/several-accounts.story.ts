import { type App, anotherTab } from '../../steps/app.ts'
import { granted } from '../../steps/granted.ts'
import { signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

/** Signs in Alice, then Bob. */
async function aliceAndBob(app: App, activates?: boolean): Promise<void> {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  const { popup, outcome } = await app.opensPopupBy('signIn', {
    interaction: 'popup',
    prompt: 'select_account',
    scopes: ['calendar.read'],
    activates,
  })
  await popup.getByRole('button', { name: 'Use another account' }).click()
  await signInAtProvider(popup, 'Bob Brown')
  expect((await outcome).answer?.uniqueId).toBe('bob')
}

const active = ({ page }: App) =>
  page.evaluate(() => window.auth.activeAccount?.homeAccountId ?? null)

const activate = ({ page }: App, who: string) =>
  page.evaluate((id) => {
    const account = window.auth.accounts.find(({ homeAccountId }) => homeAccountId === id)
    window.auth.setActiveAccount(account ?? null)
  }, who)

const asksAs = ({ page }: App, who: string, forceRefresh = false) =>
  page.evaluate(
    async ([id, force]) => {
      const account = window.auth.accounts.find(({ homeAccountId }) => homeAccountId === id)
      if (!account) return { missing: id }
      const request = { scopes: ['calendar.read'], account, forceRefresh: force }
      try {
        const { uniqueId, fromCache } = await window.auth.acquireTokenSilent(request)
        return { uniqueId, fromCache }
      } catch (error) {
        // Another tab removed the account meanwhile.
        if (window.carnet.isAuthError(error, 'account_not_found')) return { missing: id }
        throw error
      }
    },
    [who, forceRefresh] as const,
  )

story('Two users are signed in at the same time, each with their own tokens', async ({ app }) => {
  await aliceAndBob(app)
  expect(await active(app)).toBe('bob')
  expect(await app.page.evaluate(() => window.auth.accounts.length)).toBe(2)

  const alices = await asksAs(app, 'alice')
  const bobs = await asksAs(app, 'bob')
  expect(alices).toMatchObject({ uniqueId: 'alice', fromCache: true })
  expect(bobs).toMatchObject({ uniqueId: 'bob', fromCache: true })
  expect(await asksAs(app, 'alice', true)).toMatchObject({ uniqueId: 'alice', fromCache: false })
  expect(await asksAs(app, 'bob', true)).toMatchObject({ uniqueId: 'bob', fromCache: false })
})

story('A second user signs in, and the app keeps the first account active', async ({ app }) => {
  await aliceAndBob(app, false)
  expect(await active(app)).toBe('alice')
  expect(await asksAs(app, 'bob')).toMatchObject({ uniqueId: 'bob', fromCache: true })
  await app.page.reload()
  await app.starts()
  expect(await active(app)).toBe('alice')

  // A silent sign-in makes its account active only if the app asks for that.
  const bob = { loginHint: 'bob@example.com', scopes: ['calendar.read'] }
  expect((await app.calls('ssoSilent', bob)).answer?.uniqueId).toBe('bob')
  expect(await active(app)).toBe('alice')
  expect((await app.calls('ssoSilent', { ...bob, activates: true })).answer?.uniqueId).toBe('bob')
  expect(await active(app)).toBe('bob')
})

story('The active account can change; reloads and other tabs follow', async ({ app }) => {
  await aliceAndBob(app)
  const other = await anotherTab(app)
  await other.starts()
  expect(await active(other)).toBe('bob')
  await other.page.evaluate(() => {
    window.left = new Promise((resolve) =>
      window.auth.on('activeAccountChanged', () => resolve(undefined)),
    )
  })

  await activate(app, 'alice')
  await other.page.evaluate(() => window.left)
  expect(await active(other)).toBe('alice')
  expect((await other.asks(['calendar.read'])).answer?.uniqueId).toBe('alice')

  await app.page.reload()
  await app.starts()
  expect(await active(app)).toBe('alice')
})

story(
  'An account is removed with all its tokens, in every tab; the provider keeps its session',
  async ({ app }) => {
    await aliceAndBob(app)
    const other = await anotherTab(app)
    await other.starts()
    expect(await asksAs(other, 'bob')).toMatchObject({ fromCache: true })

    await app.page.evaluate(() => {
      const bob = window.auth.activeAccount
      return bob && window.auth.removeAccount(bob)
    })
    await expect.poll(() => asksAs(other, 'bob')).toEqual({ missing: 'bob' })
    expect(await active(other)).toBeNull()
    expect(await asksAs(other, 'alice')).toMatchObject({ uniqueId: 'alice', fromCache: true })
    expect((await app.requests()).end_session).toBe(0)

    const { outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
    expect((await outcome).answer?.uniqueId).toBe('bob') // The provider has a session, so it asks nothing.
  },
)

story(
  'A token request for one account never returns the token of another account',
  async ({ app }) => {
    await app.isSignedIn({ scopes: ['calendar.read'] })
    const opening = app.page.waitForEvent('popup')
    const answering = app.page.evaluate(() => {
      const account = window.auth.activeAccount
      const request = { scopes: ['mail.read'], prompt: 'login', ...(account && { account }) }
      return window.auth.acquireTokenPopup(request).then(() => undefined, window.seen)
    })
    await signInAtProvider(await opening, 'Carol Clark')
    expect(await answering).toMatchObject({ reason: 'account_selection' })
    expect(await app.page.evaluate(() => window.auth.accounts.length)).toBe(2)
    expect(await active(app)).toBe('alice') // Only a sign-in changes the active account.
  },
)

story(
  "The request of Alice's error names Alice while Bob is the active account",
  async ({ app }) => {
    await aliceAndBob(app)
    await app.idp.control.revokeRefreshTokens()
    const request = { scopes: ['mail.read'] }
    const { failed, popup, outcome } = await app.passesOn(request, 'Alice Adams')
    expect(failed.code).toBe('interaction_required')
    // The session belongs to Bob, so the provider asks again, with a hint for Alice.
    await expect(popup.getByLabel('Username or email')).toHaveValue('alice@example.com')
    await signInAtProvider(popup, 'Alice Adams')
    expect((await outcome).answer).toMatchObject({
      uniqueId: 'alice',
      scopes: granted('calendar.read', 'mail.read'),
    })
    expect(await active(app)).toBe('bob')
    expect(await app.page.evaluate(() => window.auth.accounts.length)).toBe(2)
  },
)
