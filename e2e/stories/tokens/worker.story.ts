import type { Page } from '@playwright/test'
import { type App, anotherTab } from '../../steps/app.ts'
import { seizeAll, seized } from '../../steps/hostile-script.ts'
import { HOUR_MS } from '../../steps/many-tabs.ts'
import { signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

const SCOPES = ['calendar.read']

story.use({ tokens: 'worker' })

async function signsInByPopupAndRenews(app: App): Promise<void> {
  const { popup, outcome } = await app.opensPopupBy('signIn', {
    interaction: 'popup',
    scopes: SCOPES,
  })
  await signInAtProvider(popup, 'Alice Adams')
  expect((await outcome).answer?.uniqueId).toBe('alice')
  await app.jumps(HOUR_MS)
  expect((await app.asks(SCOPES)).answer?.fromCache).toBe(false)
}

for (const tokens of ['worker', 'page'] as const)
  story(
    `A hostile script of the page ${tokens === 'worker' ? 'never sees' : 'sees'} a refresh token of the ${tokens}`,
    async ({ app }) => {
      const options = { tokens }
      await seizeAll(app.page)
      await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', options)
      const renewed = await app.asks(SCOPES, { forceRefresh: true })
      expect(renewed.answer?.fromCache).toBe(false)
      await app.calls('signOut', { interaction: 'none', revoke: true })

      const { refreshTokens, accessTokens, codes } = await app.idp.control.issued()
      expect(refreshTokens).toHaveLength(2)
      expect((await app.requests()).revocation).toBe(1)
      const loot = await seized(app.page)
      // The script works: it records the values that a page must handle.
      for (const seen of [...accessTokens, ...codes]) expect(loot).toContain(seen)
      const seen = refreshTokens.filter((token) => loot.includes(token))
      expect(seen).toHaveLength(tokens === 'worker' ? 0 : 2)
    },
  )

story('After a popup, too, the worker gets the refresh token and renews', async ({ app }) => {
  await app.idp.control.changeSettings({ consent: 'skip' })
  await app.starts()
  await signsInByPopupAndRenews(app)
  expect(await app.requests()).toMatchObject({ refresh_token: 1, authorization_code: 1 })
})

story(
  'A tab that closes after its request to the tab with the refresh token causes no concurrent redemption',
  async ({ app }) => {
    const silent = { iframe: false }
    await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', { silent })
    const asker = await anotherTab(app)
    await asker.starts({ silent })
    await app.idp.control.resetStats()
    await app.idp.control.changeSettings({ latencyMs: { token: 500 } })
    const lost = asker.asks(SCOPES, { forceRefresh: true }).catch(() => undefined)
    await expect.poll(async () => (await app.requests()).token).toBe(1)
    await asker.page.close()
    await lost
    for (let call = 0; call < 2; call++)
      expect((await app.asks(SCOPES, { forceRefresh: true })).error).toBeUndefined()
  },
)

/** A browser without shared workers: each page has a worker of its own. */
const withoutSharedWorkers = () => void Reflect.deleteProperty(window, 'SharedWorker')

story.describe('where iframes may find the session, without shared workers', () => {
  story.use({ cookies: 'allowed' })

  story(
    'After a reload the cached token is used until it expires, then an iframe renews',
    async ({ app }) => {
      const unrenewed = { renewal: { enabled: false } }
      await app.page.addInitScript(withoutSharedWorkers)
      await app.page.reload()
      await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', unrenewed)
      await app.page.reload()
      await app.starts(unrenewed)
      expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true)

      await app.idp.control.resetStats()
      await app.jumps(HOUR_MS)
      expect((await app.asks(SCOPES)).answer).toMatchObject({ fromCache: false, uniqueId: 'alice' })
      // The page redeems no refresh token, because it has none.
      expect(await app.requests()).toMatchObject({ authorization: 1, authorization_code: 1 })
      expect((await app.requests()).refresh_token ?? 0).toBe(0)

      await app.jumps(HOUR_MS)
      expect((await app.asks(SCOPES)).answer?.fromCache).toBe(false)
      expect((await app.requests()).refresh_token).toBe(1)
    },
  )
})

story.describe('where iframes find no session', () => {
  story.use({ cookies: 'blocked' })

  story('A reload loses no refresh token, and renews with it', async ({ app }) => {
    await app.isSignedIn({ scopes: SCOPES })
    await app.page.reload()
    await app.starts()
    await app.jumps(HOUR_MS)
    expect((await app.asks(SCOPES)).answer).toMatchObject({ fromCache: false, uniqueId: 'alice' })
    expect((await app.requests()).refresh_token).toBe(1)
  })

  story('A tab that closes loses no refresh token: another tab renews with it', async ({ app }) => {
    await app.isSignedIn({ scopes: SCOPES })
    const other = await anotherTab(app)
    await other.starts()
    await app.page.close()
    await other.jumps(HOUR_MS)
    expect((await other.asks(SCOPES)).answer).toMatchObject({ fromCache: false, uniqueId: 'alice' })
    expect((await app.requests()).refresh_token).toBe(1)
  })
})

story.describe('where iframes find no session, without shared workers', () => {
  story.use({ cookies: 'blocked' })
  story.beforeEach(async ({ app }) => {
    await app.page.context().addInitScript(withoutSharedWorkers)
    await app.page.reload()
  })

  story(
    'After a reload and the expiry of the cached token, the user is needed',
    async ({ app }) => {
      await app.isSignedIn({ scopes: SCOPES })
      await app.page.reload()
      await app.starts()
      await app.jumps(HOUR_MS)
      expect((await app.asks(SCOPES)).error).toMatchObject({ code: 'interaction_required' })
    },
  )

  story('A tab without the refresh token asks the tab that holds it to renew', async ({ app }) => {
    await app.isSignedIn({ scopes: SCOPES })
    const other = await anotherTab(app)
    await other.starts()
    await app.idp.control.resetStats()
    await other.jumps(HOUR_MS)
    await app.jumps(HOUR_MS)
    expect((await other.asks(SCOPES)).answer).toMatchObject({ uniqueId: 'alice' })
    expect((await app.requests()).refresh_token).toBe(1)

    // Two concurrent calls share one renewal.
    await other.jumps(HOUR_MS)
    await app.jumps(HOUR_MS)
    const [here, there] = await Promise.all([app.asks(SCOPES), other.asks(SCOPES)])
    expect([here.answer?.uniqueId, there.answer?.uniqueId]).toEqual(['alice', 'alice'])
    expect((await app.requests()).refresh_token).toBe(2)
  })

  story(
    'If the tab that holds the refresh token is closed, the user is needed',
    async ({ app }) => {
      await app.isSignedIn({ scopes: SCOPES })
      const other = await anotherTab(app)
      await other.starts()
      await app.page.close()
      await other.jumps(HOUR_MS)
      expect((await other.asks(SCOPES)).error).toMatchObject({ code: 'interaction_required' })
    },
  )
})

story.describe('where no worker can start', () => {
  const causes = [
    ['a policy forbids the worker', 'strict.html', async () => {}],
    [
      'its file is missing',
      '',
      (page: Page) => page.route('**/*token-worker*', (route) => route.fulfill({ status: 404 })),
    ],
    [
      'its file does not parse',
      '',
      (page: Page) =>
        page.route('**/*token-worker*', (route) =>
          route.fulfill({ contentType: 'text/javascript', body: 'not a script' }),
        ),
    ],
  ] as const

  for (const [why, path, arrange] of causes)
    story(
      `The page keeps the refresh token, and reports it once: ${why}`,
      async ({ app, world }) => {
        await arrange(app.page)
        await app.page.goto(world.bareUrl + path)
        await app.idp.control.changeSettings({ consent: 'skip' })
        await app.starts({ redirectUri: `/${path}` })
        await app.page.evaluate(() => {
          window.heard = []
          window.auth.on('workerUnavailable', ({ cause }) =>
            window.heard.push({ name: `${(cause as Error).name}` }),
          )
        })
        await signsInByPopupAndRenews(app)
        expect((await app.requests()).refresh_token).toBe(1)
        expect(await app.page.evaluate(() => window.heard)).toHaveLength(1)
      },
    )
})
