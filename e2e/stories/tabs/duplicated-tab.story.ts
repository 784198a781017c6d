import { type App, createApp } from '../../steps/app.ts'
import { fullChromium } from '../../steps/browser/leftovers.ts'
import { expect, inPageOnly, story } from '../../world.ts'

const SCOPES = ['calendar.read']
// The full browser has the back-forward cache.
story.use(fullChromium)

const OPTIONS = { cache: { location: 'session' } } as const

/** Opens a copy of the tab: a window with an opener starts with a copy of its `sessionStorage`. */
async function duplicate({ page, world, defaults }: App): Promise<App> {
  const opening = page.waitForEvent('popup')
  await page.evaluate(() => void window.open(location.href))
  const copy = await opening
  await copy.waitForFunction(() => 'carnet' in window)
  return createApp(copy, world, defaults)
}

const renews = async (tab: App) => {
  const { answer, error } = await tab.asks(SCOPES, { forceRefresh: true })
  expect(error).toBeUndefined()
  expect(answer?.fromCache).toBe(false)
}
const refreshes = async (app: App) => (await app.requests()).refresh_token ?? 0

story.describe('where hidden iframes find the session', () => {
  story.use({ cookies: 'allowed' })

  story(
    'A duplicated tab never replays a refresh token, and no session ends',
    inPageOnly,
    async ({ app }) => {
      await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', OPTIONS)
      const copy = await duplicate(app)
      expect((await copy.starts(OPTIONS)).answer?.username).toBe('alice@example.com')
      expect((await copy.asks(SCOPES)).answer?.fromCache).toBe(true)

      // The provider ends the grant of a replayed refresh token. Each tab has its own grant.
      for (const tab of [copy, app, copy, app, app, copy]) await renews(tab)
      await Promise.all([renews(app), renews(copy)])
      expect(await refreshes(app)).toBe(7)

      // Copy the copy, and reload all tabs.
      const second = await duplicate(copy)
      await second.starts(OPTIONS)
      for (const tab of [app, copy, second]) {
        await tab.page.reload()
        await tab.starts(OPTIONS)
      }
      await app.idp.control.resetStats()
      for (const tab of [second, app, copy, second, app, copy]) await renews(tab)
      // The second copy had no refresh token before its first iframe.
      expect(await refreshes(app)).toBe(5)
    },
  )
})

story.describe('where hidden iframes find no session', () => {
  story.use({ cookies: 'blocked' })

  story('The copy requires the user, and the original continues', inPageOnly, async ({ app }) => {
    await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', OPTIONS)
    const copy = await duplicate(app)
    await copy.starts(OPTIONS)
    expect((await copy.asks(SCOPES)).answer?.fromCache).toBe(true)
    await app.idp.control.resetStats()
    expect((await copy.asks(SCOPES, { forceRefresh: true })).error).toMatchObject({
      code: 'interaction_required',
    })
    expect(await refreshes(app)).toBe(0)
    await renews(app)
  })

  story('A reload of a tab keeps its session', inPageOnly, async ({ app }) => {
    await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', OPTIONS)
    for (let loads = 0; loads < 4; loads++) {
      await app.page.reload()
      expect((await app.starts(OPTIONS)).answer?.username).toBe('alice@example.com')
      await renews(app)
    }
    expect(await refreshes(app)).toBe(4)
  })

  story('A copy whose original was closed keeps the session', inPageOnly, async ({ app }) => {
    await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', OPTIONS)
    const copy = await duplicate(app)
    await app.page.close()
    await copy.starts(OPTIONS)
    await renews(copy)
    expect(await refreshes(app)).toBe(1)
  })

  story(
    'Two clients of a page and an iframe of the page share the session',
    inPageOnly,
    async ({ app }) => {
      await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', OPTIONS)
      await app.page.evaluate(async (options) => {
        const frame = document.createElement('iframe')
        frame.src = '/'
        document.body.append(frame)
        await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
        const inside = frame.contentWindow as Window
        const given = { clientId: 'spa', authority: window.authority, ...options }
        await Promise.all([
          window.carnet.createAuthClient(given),
          window.carnet.createAuthClient(given),
          inside.carnet.createAuthClient(given),
        ])
      }, OPTIONS)
      await renews(app)
      await app.page.reload()
      await app.starts(OPTIONS)
      await renews(app)
      expect(await refreshes(app)).toBe(2)
    },
  )
})

story(
  'A page from the back-forward cache uses the tokens that the next page renewed',
  inPageOnly,
  async ({ app }) => {
    const { page, world } = app
    await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', OPTIONS)
    await renews(app)
    await page.evaluate(() =>
      addEventListener('pageshow', ({ persisted }) => Object.assign(window, { persisted })),
    )
    await page.goto(`${world.bareUrl}?next`)
    await app.starts(OPTIONS)
    await renews(app)
    await page.goBack({ waitUntil: 'commit' })
    await expect
      .poll(() => page.evaluate(() => 'persisted' in window && window.persisted))
      .toBe(true)
    await renews(app)
    await renews(app)
    // No refresh token was redeemed twice.
    expect(await refreshes(app)).toBe(4)
  },
)

story('A tab without `sessionStorage` works from memory, and reports it', async ({ app }) => {
  await app.idp.control.changeSettings({ consent: 'skip', signInAs: 'alice' })
  await app.page.addInitScript(() =>
    Object.defineProperty(window, 'sessionStorage', {
      get() {
        throw new DOMException('forbidden', 'SecurityError')
      },
    }),
  )
  await app.page.reload()
  await app.starts(OPTIONS)
  const told = await app.page.evaluate(
    () =>
      new Promise((resolve) => {
        window.auth.on('storageDegraded', ({ cause }) => resolve(String(cause)))
      }),
  )
  expect(told).toContain('forbidden')
  await app.leavesBy('signIn', { scopes: SCOPES })
  await app.page.waitForURL(/#.*state=/)
  expect((await app.starts(OPTIONS)).answer?.username).toBe('alice@example.com')
  expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true)
})
