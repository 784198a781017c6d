import type { App } from '../steps/app.ts'
import { expect, story } from '../world.ts'

const SCOPES = ['calendar.read']

/** Alice is signed in with tokens of so many seconds, and the page's clock stands still until it is told to run. */
async function aliceWithShortTokens(app: App, seconds: number, options = {}): Promise<void> {
  await app.idp.control.changeSettings({ accessTokenLifetime: seconds })
  await app.page.clock.install()
  await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', options)
  await app.asks(SCOPES)
  await app.idp.control.resetStats()
}

/** Lets the page's time pass in steps, and the network answer between them. */
async function passes({ page }: App, seconds: number, step = 1): Promise<void> {
  for (let passed = 0; passed < seconds; passed += step) {
    await page.clock.runFor(step * 1000)
    await page.evaluate(() => fetch('/', { cache: 'no-store' }).then((answer) => answer.text()))
  }
}

const hear = ({ page }: App) =>
  page.evaluate(() => {
    window.heard = []
    window.auth.on('tokenRenewed', ({ tab }) => window.heard.push({ name: 'renewed', tab }))
    window.auth.on('renewalFailed', ({ error, nextTryOn }) =>
      window.heard.push({
        name: 'failed',
        code: error.code,
        waitMs: nextTryOn && nextTryOn.getTime() - Date.now(),
      }),
    )
  })

const heard = ({ page }: App) => page.evaluate(() => window.heard)

story(
  'A caller every 100 ms over ten lifetimes: none sees an expired token, none waits',
  async ({ app }) => {
    story.slow()
    await aliceWithShortTokens(app, 20)
    await app.page.evaluate(() => {
      window.heard = []
      setInterval(() => {
        void window.auth.acquireTokenSilent({ scopes: ['calendar.read'] }).then(
          ({ fromCache, expiresOn }) =>
            window.heard.push({
              name: fromCache && expiresOn.getTime() > Date.now() ? 'good' : 'bad',
            }),
          () => window.heard.push({ name: 'failed' }),
        )
      }, 100)
    })
    await passes(app, 200)

    const names = (await heard(app)).map(({ name }) => name)
    expect(names.length).toBeGreaterThan(1900)
    expect(names.filter((name) => name !== 'good')).toEqual([])
    const { token, authorization } = await app.requests()
    expect(token).toBeGreaterThanOrEqual(10)
    expect(token).toBeLessThanOrEqual(14)
    expect(authorization).toBe(0)
  },
)

story('A token that nobody asks for is renewed once, and then let go', async ({ app }) => {
  await aliceWithShortTokens(app, 60)
  await passes(app, 300, 5)
  expect((await app.requests()).token).toBe(1)
})

story('Signed out, nothing is renewed', async ({ app }) => {
  await aliceWithShortTokens(app, 60)
  await app.calls('signOut', { interaction: 'none' })
  await passes(app, 120, 5)
  expect((await app.requests()).token).toBe(0)
})

story(
  'Asleep past the expiry and awake again: one renewal, and the caller has a token',
  async ({ app }) => {
    await aliceWithShortTokens(app, 60)
    await app.page.clock.fastForward(3_600_000) // Timers fire once, late: as after a lid was closed.
    await expect.poll(async () => (await app.requests()).token).toBe(1)
    const { answer } = await app.asks(SCOPES)
    expect(answer?.fromCache).toBe(true)
    expect((await app.requests()).token).toBe(1)
  },
)

story(
  'Ten minutes offline at the expiry, then online: one renewal, nobody is signed out',
  async ({ app, context }) => {
    await aliceWithShortTokens(app, 60)
    await hear(app)
    await context.setOffline(true)
    for (let minute = 0; minute < 10; minute++) await app.page.clock.runFor(60_000)
    expect((await app.requests()).token).toBe(0)

    await context.setOffline(false)
    await expect.poll(async () => (await app.requests()).token).toBe(1)
    await expect.poll(async () => (await heard(app)).map(({ name }) => name)).toEqual(['renewed'])
    expect((await app.asks(SCOPES)).answer?.uniqueId).toBe('alice')
  },
)

const outages = [
  ['fails', { kind: 'respond', status: 500, body: 'no' }],
  ['breaks the connection', { kind: 'reset' }],
] as const

for (const [what, fault] of outages) {
  story(
    `The provider ${what} three times: it is left in peace longer and longer, callers are served`,
    async ({ app }) => {
      await aliceWithShortTokens(app, 600)
      await hear(app)
      await app.idp.control.addFault({ endpoint: 'token', count: 3, fault })
      await passes(app, 475, 25) // Up to shortly before the renewal is due.
      await passes(app, 40, 1)
      expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true)

      const events = await heard(app)
      expect(events.map(({ name }) => name)).toEqual(['failed', 'failed', 'failed', 'renewed'])
      const waits = events.slice(0, 3).map(({ waitMs }) => waitMs ?? 0)
      for (const [index, waitMs] of waits.entries()) {
        expect(waitMs).toBeGreaterThan(500 * 2 ** index - 200)
        expect(waitMs).toBeLessThanOrEqual(1000 * 2 ** index)
      }
    },
  )
}

story('A provider that hangs costs its timeout, and the renewal comes later', async ({ app }) => {
  await aliceWithShortTokens(app, 600, { requestTimeout: 5000 })
  await hear(app)
  await app.idp.control.addFault({ endpoint: 'token', fault: { kind: 'hang' } })
  await passes(app, 475, 25)
  await passes(app, 40, 1)
  expect((await heard(app))[0]).toMatchObject({ name: 'failed', code: 'timeout' })
  expect((await app.asks(SCOPES)).answer?.uniqueId).toBe('alice')
})

const dates = {
  seconds: () => '7',
  'a date': () => new Date(Date.now() + 7000).toUTCString(),
}

for (const [form, header] of Object.entries(dates)) {
  story(`Retry-After as ${form} is respected, by callers too`, async ({ app }) => {
    await app.isSignedIn({ scopes: SCOPES })
    await app.idp.control.resetStats()
    await app.idp.control.addFault({
      endpoint: 'token',
      fault: { kind: 'respond', status: 503, headers: { 'retry-after': header() }, body: '' },
    })
    for (let call = 0; call < 3; call++)
      expect((await app.asks(SCOPES, { forceRefresh: true })).error).toMatchObject({
        code: 'server_error',
      })
    expect((await app.requests()).token).toBe(1)
    expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true) // The valid token is still served.

    await app.jumps(8000)
    expect((await app.asks(SCOPES, { forceRefresh: true })).answer?.fromCache).toBe(false)
    expect((await app.requests()).token).toBe(2)
  })
}

for (const days of [1, -1]) {
  story(
    `A clock that is wrong by ${days} day neither loops nor refuses a good ID token`,
    async ({ app }) => {
      const clockAheadMs = days * 24 * 3_600_000
      await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', { clockAheadMs })
      await app.page.evaluate(() => {
        window.heard = []
        window.auth.on('tokenRenewed', ({ clockSkew }) =>
          window.heard.push({ name: 'renewed', waitMs: clockSkew }),
        )
      })
      for (let call = 0; call < 3; call++)
        expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true)
      expect((await app.asks(SCOPES, { forceRefresh: true })).answer?.fromCache).toBe(false)
      expect((await app.asks(SCOPES, { forceRefresh: true })).answer?.fromCache).toBe(false)
      expect((await app.requests()).token).toBe(3)
      const [first, second] = await heard(app)
      // It was told of at the sign-in, if that was in this page load; so at most once here.
      expect(
        [first?.waitMs, second?.waitMs].filter((skew) => skew !== undefined).length,
      ).toBeLessThanOrEqual(1)
    },
  )

  story(
    `A clock that jumps by ${days} day while the app runs costs one renewal`,
    async ({ app }) => {
      await app.isSignedIn({ scopes: SCOPES })
      await app.idp.control.resetStats()
      await app.jumps(days * 24 * 3_600_000)
      expect((await app.asks(SCOPES)).answer?.uniqueId).toBe('alice')
      expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true)
      expect((await app.requests()).token).toBe(1)
    },
  )
}
