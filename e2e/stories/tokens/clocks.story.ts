import { countsLeftovers, leavesNothingBehind } from '../../steps/browser/leftovers.ts'
import { aliceWithShortTokens, heard, passes, SCOPES } from '../../steps/short-tokens.ts'
import { expect, inPageOnly, story } from '../../world.ts'

const DAY_MS = 24 * 3_600_000

story.beforeEach(({ app }) => countsLeftovers(app))
story.afterEach(({ app }) => leavesNothingBehind(app))

for (const days of [1, -1]) {
  story(
    `A clock that is wrong by ${days} day causes no loop and refuses no valid ID token`,
    async ({ app }) => {
      const clockAheadMs = days * DAY_MS
      await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', { clockAheadMs })
      await app.page.evaluate(() => {
        window.heard = []
        window.auth.on('tokenRenewed', ({ clockSkewMs }) =>
          window.heard.push({ name: 'renewed', waitMs: clockSkewMs }),
        )
      })
      for (let call = 0; call < 3; call++)
        expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true)
      expect((await app.asks(SCOPES, { forceRefresh: true })).answer?.fromCache).toBe(false)
      expect((await app.asks(SCOPES, { forceRefresh: true })).answer?.fromCache).toBe(false)
      expect((await app.requests()).token).toBe(3)
      // The sign-in ended before a listener existed, so the first token after it emits the event, once.
      const [first, second] = await heard(app)
      expect(Math.abs((first?.waitMs ?? 0) + clockAheadMs)).toBeLessThan(60_000)
      expect(second?.waitMs).toBeUndefined()
    },
  )

  story(
    `A clock that jumps by ${days} day while the app runs causes one renewal`,
    async ({ app }) => {
      await app.isSignedIn({ scopes: SCOPES })
      await app.idp.control.resetStats()
      await app.jumps(days * DAY_MS)
      expect((await app.asks(SCOPES)).answer?.uniqueId).toBe('alice')
      expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true)
      expect((await app.requests()).token).toBe(1)
    },
  )
}

story(
  'A clock that is wrong by three minutes is reported, and its tokens are valid',
  async ({ app }) => {
    await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', { clockAheadMs: 180_000 })
    await app.page.evaluate(() => {
      window.heard = []
      window.auth.on('tokenRenewed', ({ clockSkewMs }) =>
        window.heard.push({ name: 'renewed', waitMs: clockSkewMs }),
      )
    })
    expect((await app.asks(SCOPES, { forceRefresh: true })).answer?.fromCache).toBe(false)
    const [told] = await heard(app)
    expect(Math.abs((told?.waitMs ?? 0) + 180_000)).toBeLessThan(60_000)
  },
)

story(
  'A clock that is wrong by a day signs in and renews without a third clock',
  async ({ app }) => {
    await app.page.route(app.world.bareUrl, (route) =>
      route.request().method() === 'HEAD' ? route.abort() : route.continue(),
    )
    for (const days of [1, -1]) {
      const clockAheadMs = days * DAY_MS
      const signedIn = await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', { clockAheadMs })
      expect(signedIn.answer?.username).toBeDefined()
      expect((await app.asks(SCOPES, { forceRefresh: true })).answer?.fromCache).toBe(false)
      await app.calls('signOut', { interaction: 'none' })
      await app.idp.control.endSessions()
    }
  },
)

story('An ID token of yesterday is refused, with and without a third clock', async ({ app }) => {
  const iat = Math.floor((Date.now() - DAY_MS) / 1000)
  const old = { kind: 'idToken', claims: { iat, exp: iat + 3600 } } as const
  await app.isSignedIn({ scopes: SCOPES })
  await app.idp.control.addFault({ endpoint: 'token', count: 2, fault: old })
  const refused = { code: 'invalid_id_token' }
  expect((await app.asks(SCOPES, { forceRefresh: true })).error).toMatchObject(refused)
  await app.page.route(app.world.bareUrl, (route) => route.abort())
  expect((await app.asks(SCOPES, { forceRefresh: true })).error).toMatchObject(refused)
  expect((await app.asks(SCOPES, { forceRefresh: true })).answer?.fromCache).toBe(false)
})

for (const days of [1, -1]) {
  story(
    `A session survives a reload after the clock of the machine moves by ${days} day`,
    inPageOnly,
    async ({ app }) => {
      await app.idp.control.addFault({
        endpoint: 'token',
        fault: { kind: 'tokenResponse', set: { refresh_token_expires_in: 7200 } },
      })
      await app.isSignedIn({ scopes: SCOPES })
      await app.idp.control.resetStats()
      await app.page.clock.install({ time: Date.now() + days * DAY_MS })
      await app.page.reload()
      await app.starts()
      await app.page.clock.runFor(5000) // The idle page prunes expired records.
      await app.page.reload()
      await app.starts()
      expect((await app.asks(SCOPES)).answer?.uniqueId).toBe('alice')
      expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true)
      expect(await app.requests()).toMatchObject({ token: 1, authorization: 0 })
    },
  )
}

story('A clock that is set back while the app runs delays no renewal', async ({ app }) => {
  await aliceWithShortTokens(app, 600)
  await app.page.clock.setSystemTime(Date.now() - DAY_MS)
  await passes(app, 120, 30)
  expect((await app.requests()).token).toBe(1)
  expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true)
})
