import type { Page } from '@playwright/test'
import { type App, anotherTab } from '../../steps/app.ts'
import { seizeAll, seized } from '../../steps/hostile-script.ts'
import { HOUR_MS } from '../../steps/many-tabs.ts'
import { signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

const SCOPES = ['calendar.read']

story.use({ tokens: 'worker' })

async function signsInByPopupAndRenews(app: App): Promise<void> {
  const { popup, outcome } = await app.opensWindowBy('signIn', {
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
    `A script that listens everywhere in the page ${tokens === 'worker' ? 'never sees' : 'sees'} a refresh token kept in the ${tokens}`,
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
      // The trap works: what a page must handle is in it.
      for (const seen of [...accessTokens, ...codes]) expect(loot).toContain(seen)
      const seen = refreshTokens.filter((token) => loot.includes(token))
      expect(seen).toHaveLength(tokens === 'worker' ? 0 : 2)
    },
  )

story('By popup, too, the refresh token goes to the worker, and renews', async ({ app }) => {
  await app.idp.control.changeSettings({ consent: 'skip' })
  await app.starts()
  await signsInByPopupAndRenews(app)
  expect(await app.requests()).toMatchObject({ refresh_token: 1, authorization_code: 1 })
})

story(
  'A tab that asked another one to renew is closed: the token is redeemed once at a time all the same',
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

story.describe('where frames may know the user', () => {
  story.use({ cookies: 'allowed' })

  story(
    'After a reload the cached token serves on; once it ends, a frame brings the next',
    async ({ app }) => {
      const unrenewed = { renewal: { enabled: false } }
      await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', unrenewed)
      await app.page.reload()
      await app.starts(unrenewed)
      expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true)

      await app.idp.control.resetStats()
      await app.jumps(HOUR_MS)
      expect((await app.asks(SCOPES)).answer).toMatchObject({ fromCache: false, uniqueId: 'alice' })
      // Nothing is redeemed that this page does not have.
      expect(await app.requests()).toMatchObject({ authorization: 1, authorization_code: 1 })
      expect((await app.requests()).refresh_token ?? 0).toBe(0)

      await app.jumps(HOUR_MS)
      expect((await app.asks(SCOPES)).answer?.fromCache).toBe(false)
      expect((await app.requests()).refresh_token).toBe(1)
    },
  )
})

story.describe('where frames know nobody', () => {
  story.use({ cookies: 'blocked' })

  story('After a reload, once the cached token has ended, the user is needed', async ({ app }) => {
    await app.isSignedIn({ scopes: SCOPES })
    await app.page.reload()
    await app.starts()
    await app.jumps(HOUR_MS)
    expect((await app.asks(SCOPES)).error).toMatchObject({ code: 'interaction_required' })
  })

  story(
    'A tab without the refresh token has it renewed by the tab that holds it',
    async ({ app }) => {
      await app.isSignedIn({ scopes: SCOPES })
      const other = await anotherTab(app)
      await other.starts()
      await app.idp.control.resetStats()
      await other.jumps(HOUR_MS)
      await app.jumps(HOUR_MS)
      expect((await other.asks(SCOPES)).answer).toMatchObject({ uniqueId: 'alice' })
      expect((await app.requests()).refresh_token).toBe(1)

      // The same once more, as two ask at once: one renewal serves both.
      await other.jumps(HOUR_MS)
      await app.jumps(HOUR_MS)
      const [here, there] = await Promise.all([app.asks(SCOPES), other.asks(SCOPES)])
      expect([here.answer?.uniqueId, there.answer?.uniqueId]).toEqual(['alice', 'alice'])
      expect((await app.requests()).refresh_token).toBe(2)
    },
  )

  story(
    'Where the tab that holds the refresh token is gone, the user is needed',
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

story.describe('where there can be no worker', () => {
  const causes = [
    ['a policy forbids it', 'strict.html', async () => {}],
    [
      'its file is not there',
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
    story(`The page keeps the refresh token, and says so once: ${why}`, async ({ app, world }) => {
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
    })
})
