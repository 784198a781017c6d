import { type App, anotherTab } from '../../steps/app.ts'
import { countsLeftovers, leavesNothingBehind } from '../../steps/browser/leftovers.ts'
import { aliceWithShortTokens, hear, heard, passes, SCOPES } from '../../steps/short-tokens.ts'
import { expect, story } from '../../world.ts'

story.beforeEach(({ app }) => countsLeftovers(app))
story.afterEach(({ app }) => leavesNothingBehind(app))

const outages = [
  ['fails', { kind: 'respond', status: 500, body: 'no' }],
  ['breaks the connection', { kind: 'reset' }],
  ['hangs', { kind: 'hang' }],
] as const

for (const [what, fault] of outages) {
  story(
    `The provider ${what} three times: the pauses grow, and calls get the valid token`,
    async ({ app }) => {
      await aliceWithShortTokens(app, 600, { requestTimeoutMs: 5000 })
      await hear(app)
      await app.idp.control.addFault({ endpoint: 'token', count: 3, fault })
      await passes(app, 475, 25) // The renewal is due shortly after this time.
      await passes(app, what === 'hangs' ? 60 : 40, 1)
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

const inSevenSeconds = {
  seconds: () => '7',
  'a date': () => new Date(Date.now() + 7000).toUTCString(),
}

const isBusy = (app: App, retryAfter: string, count = 1) =>
  app.idp.control.addFault({
    endpoint: 'token',
    count,
    fault: { kind: 'respond', status: 503, headers: { 'retry-after': retryAfter }, body: '' },
  })

for (const [form, header] of Object.entries(inSevenSeconds)) {
  story(`Calls in all tabs respect \`Retry-After\` as ${form}`, async ({ app }) => {
    await app.isSignedIn({ scopes: SCOPES })
    const other = await anotherTab(app)
    await other.starts()
    await app.idp.control.resetStats()
    await isBusy(app, header())
    for (const tab of [app, app, other])
      expect((await tab.asks(SCOPES, { forceRefresh: true })).error).toMatchObject({
        code: 'server_error',
      })
    expect((await app.requests()).token).toBe(1)
    expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true) // The cache still returns the valid token.

    await other.jumps(8000)
    expect((await other.asks(SCOPES, { forceRefresh: true })).answer?.fromCache).toBe(false)
    expect((await app.requests()).token).toBe(2)
    await other.page.close()
  })
}

for (const days of [1, -1]) {
  story(
    `Calls respect a date in \`Retry-After\` although the clock is wrong by ${days} day`,
    async ({ app }) => {
      const clockAheadMs = days * 24 * 3_600_000
      await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', { clockAheadMs })
      await app.idp.control.resetStats()
      await isBusy(app, inSevenSeconds['a date']())
      for (let call = 0; call < 2; call++)
        expect((await app.asks(SCOPES, { forceRefresh: true })).error).toMatchObject({
          code: 'server_error',
        })
      expect((await app.requests()).token).toBe(1)
      await app.jumps(8000)
      expect((await app.asks(SCOPES, { forceRefresh: true })).answer?.fromCache).toBe(false)
    },
  )
}

story('The renewer respects `Retry-After`, also after the network returns', async ({ app }) => {
  await aliceWithShortTokens(app, 600)
  await hear(app)
  await isBusy(app, '30')
  await passes(app, 475, 25)
  await passes(app, 18, 1) // The renewal is due 480 to 492 seconds after the token response.
  const [failed] = await heard(app)
  expect(failed?.waitMs).toBeGreaterThan(25_000)
  expect(failed?.waitMs).toBeLessThanOrEqual(30_000)
  await app.page.evaluate(() => dispatchEvent(new Event('online')))
  await passes(app, 10, 1)
  expect((await app.requests()).token).toBe(1)
  await passes(app, 25, 1)
  expect((await heard(app)).map(({ name }) => name)).toEqual(['failed', 'renewed'])
})

story(
  'Ten calls per second for an expired token do not flood a provider that is down',
  async ({ app }) => {
    await aliceWithShortTokens(app, 60, { renewal: { enabled: false } })
    await app.idp.control.addFault({ endpoint: 'token', count: 1000, fault: { kind: 'reset' } })
    await app.page.clock.runFor(61_000)
    await app.page.evaluate(() => {
      window.heard = []
      window.calling = setInterval(() => {
        void window.auth
          .acquireTokenSilent({ scopes: ['calendar.read'] })
          .catch(({ code }) => window.heard.push({ name: 'failed', code }))
      }, 100)
    })
    await passes(app, 30)
    await app.page.evaluate(() => clearInterval(window.calling))
    const failures = await heard(app)
    expect(failures.length).toBeGreaterThan(250)
    expect(failures.every(({ code }) => code === 'network_error')).toBe(true)
    expect((await app.requests()).token).toBeLessThan(12)

    await app.idp.control.clearFaults()
    expect((await app.asks(SCOPES, { forceRefresh: true })).answer?.fromCache).toBe(false)
  },
)

story('A failed renewal is repeated as soon as the browser is online', async ({ app, context }) => {
  await aliceWithShortTokens(app, 600)
  await hear(app)
  await app.idp.control.addFault({ endpoint: 'token', count: 99, fault: { kind: 'reset' } })
  await passes(app, 475, 25)
  await passes(app, 50, 1)
  expect((await heard(app)).at(-1)?.waitMs).toBeGreaterThan(7000)
  await app.idp.control.clearFaults()
  await context.setOffline(true)
  await context.setOffline(false)
  await expect.poll(async () => (await heard(app)).at(-1)?.name).toBe('renewed')
})

story(
  'With `ext_expires_in` calls get the expired token, and an event reports the failed renewal',
  async ({ app }) => {
    await app.idp.control.addFault({
      endpoint: 'token',
      fault: { kind: 'tokenResponse', set: { ext_expires_in: 7200 } },
    })
    await aliceWithShortTokens(app, 600)
    await hear(app)
    await app.idp.control.addFault({
      endpoint: 'token',
      count: 1000,
      fault: { kind: 'respond', status: 503, body: 'down' },
    })
    await passes(app, 660, 30)
    expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true)
    const [first] = await heard(app)
    expect(first).toMatchObject({ name: 'failed', code: 'server_error' })
    expect(first?.waitMs).toBeGreaterThan(0)
    expect((await app.asks(SCOPES, { forceRefresh: true })).error).toMatchObject({
      code: 'server_error',
    })
  },
)

story(
  'The cache returns a token in its last seconds while the provider is down',
  async ({ app }) => {
    await app.isSignedIn({ scopes: SCOPES })
    await app.idp.control.addFault({ endpoint: 'token', count: 1000, fault: { kind: 'reset' } })
    await app.jumps(3_600_000 - 15_000)
    expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true)
    await app.jumps(15_000)
    expect((await app.asks(SCOPES)).error).toMatchObject({ code: 'network_error' })
  },
)

story('`ext_expires_in` extends the use of a token while the provider is down', async ({ app }) => {
  await app.idp.control.addFault({
    endpoint: 'token',
    fault: { kind: 'tokenResponse', set: { ext_expires_in: 7200 } },
  })
  await app.isSignedIn({ scopes: ['calendar.read'] })
  await app.jumps(3_600_000)
  await app.idp.control.addFault({
    endpoint: 'token',
    fault: { kind: 'respond', status: 503, body: 'down' },
  })
  const beyond = await app.asks(['calendar.read'])
  expect(beyond.answer?.fromCache).toBe(true)
  // The provider works again, so the call or the renewer gets a new token.
  await expect
    .poll(async () => (await app.asks(['calendar.read'])).answer?.accessToken)
    .not.toBe(beyond.answer?.accessToken)
})

story.describe('without a refresh token', () => {
  story.use({ cookies: 'allowed' })

  story(
    'the error of an offline browser is `offline`, not `interaction_required`',
    async ({ app }) => {
      await app.idp.control.changeSettings({ refreshTokens: 'never' })
      await app.isSignedIn({ scopes: SCOPES })
      await app.jumps(3_600_000)
      await app.page.context().setOffline(true)
      expect((await app.asks(SCOPES)).error).toMatchObject({ code: 'offline' })
      await app.page.context().setOffline(false)
      expect((await app.asks(SCOPES)).answer?.uniqueId).toBe('alice')
    },
  )

  for (const fault of [{ kind: 'reset' }, { kind: 'hang' }] as const)
    story(
      `a provider with the fault ${fault.kind} at all endpoints is unavailable, and the user is not needed`,
      async ({ app }) => {
        await app.idp.control.changeSettings({ refreshTokens: 'never' })
        await app.isSignedIn({ scopes: SCOPES })
        await app.starts({
          clockAheadMs: 3_600_000,
          requestTimeoutMs: 500,
          silent: { timeoutMs: 1000 },
        })
        for (const endpoint of ['authorization', 'discovery'] as const)
          await app.idp.control.addFault({ endpoint, count: 9, fault })
        expect((await app.asks(SCOPES)).error?.code).toMatch(/^(network_error|timeout)$/)
        await app.idp.control.clearFaults()
        expect((await app.asks(SCOPES)).answer?.fromCache).toBe(false)
      },
    )
})
