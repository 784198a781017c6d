import { anotherTab } from '../../steps/app.ts'
import { countsLeftovers, leavesNothingBehind } from '../../steps/browser/leftovers.ts'
import { askAll, HOUR_MS, tabsOfAlice } from '../../steps/many-tabs.ts'
import { expect, story } from '../../world.ts'

story.beforeEach(({ app }) => countsLeftovers(app))
story.afterEach(({ app }) => leavesNothingBehind(app))

story(
  'Six tabs wake up with an expired token: one tab renews, and all get the token',
  async ({ app }) => {
    const tabs = await tabsOfAlice(app, 6)
    for (const tab of tabs) await tab.jumps(HOUR_MS)

    const answers = await askAll(tabs)
    expect(new Set(answers.map(({ answer }) => answer?.accessToken)).size).toBe(1)
    expect(answers.every(({ answer }) => answer?.uniqueId === 'alice')).toBe(true)
    expect(await app.requests()).toMatchObject({ token: 1, refresh_token: 1, authorization: 0 })
    expect((await app.asks(['calendar.read'], { forceRefresh: true })).answer?.fromCache).toBe(
      false,
    )
  },
)

story(
  'Twelve tabs renew once per expiry, in twenty rounds, and keep the session',
  async ({ app }) => {
    story.slow()
    const tabs = await tabsOfAlice(app, 12)
    for (let round = 1; round <= 20; round++) {
      await Promise.all(tabs.map((tab) => tab.jumps(HOUR_MS)))
      const answers = await askAll(tabs)
      expect(answers.map(({ error }) => error)).toEqual(tabs.map(() => undefined))
      expect(new Set(answers.map(({ answer }) => answer?.accessToken)).size).toBe(1)
      expect((await app.requests()).token).toBe(round)
    }
  },
)

story('After a new sign-in in one tab, another tab uses its tokens', async ({ app }) => {
  const signsInAt = (authTime: number, count = 1) =>
    app.idp.control.addFault({
      endpoint: 'token',
      count,
      fault: { kind: 'idToken', claims: { auth_time: authTime } },
    })
  await signsInAt(1_000_000)
  await app.isSignedIn({ scopes: ['calendar.read'] })
  const other = await anotherTab(app)
  await other.starts()
  await signsInAt(2_000_000, 3)
  const { outcome } = await app.opensPopupBy('signIn', {
    interaction: 'popup',
    scopes: ['calendar.read'],
  })
  expect((await outcome).answer?.uniqueId).toBe('alice')
  for (const tab of [other, app]) {
    const { answer } = await tab.asks(['calendar.read'], { forceRefresh: true })
    expect(answer).toMatchObject({ fromCache: false, idTokenClaims: { auth_time: 2_000_000 } })
  }
})

story('A sign-in during a hanging refresh keeps its new refresh token', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  await app.starts({ requestTimeoutMs: 5000 })
  await app.idp.control.addFault({ endpoint: 'token', fault: { kind: 'hang' } })
  const refreshing = app.asks(['calendar.read'], { forceRefresh: true })
  await expect.poll(async () => (await app.requests()).token).toBe(2)
  const scopes = ['calendar.read', 'mail.read']
  const { outcome } = await app.opensPopupBy('signIn', { interaction: 'popup', scopes })
  expect((await outcome).answer?.uniqueId).toBe('alice')
  await app.idp.control.clearFaults() // The provider now responds to the refresh.
  expect((await refreshing).answer?.fromCache).toBe(false)
  // Only the newer refresh token covers mail.
  const { answer } = await app.asks(['mail.read'], { forceRefresh: true })
  expect(answer).toMatchObject({ fromCache: false, declinedScopes: [] })
})

story('Ten concurrent calls with `forceRefresh` share one renewal', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  await app.idp.control.resetStats()
  const tokens = await app.page.evaluate(() =>
    Promise.all(
      Array.from({ length: 10 }, () =>
        window.auth
          .acquireTokenSilent({ scopes: ['calendar.read'], forceRefresh: true })
          .then(({ accessToken }) => accessToken),
      ),
    ),
  )
  expect(new Set(tokens).size).toBe(1)
  expect((await app.requests()).token).toBe(1)
})
