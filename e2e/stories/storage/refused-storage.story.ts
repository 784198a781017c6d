import { type App, anotherTab } from '../../steps/app.ts'
import {
  answerLate,
  refusedDatabase,
  refuseTalkBetweenPages,
  refuseWebStorage,
} from '../../steps/browser/refused-storage.ts'
import { signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, inPageOnly, story } from '../../world.ts'

const SCOPES = ['calendar.read']
/** Longer than the three seconds that the library waits. */
const BOUND_MS = 8000

const refuse = async ({ page, idp }: App, ...ways: (() => unknown)[]) => {
  await idp.control.changeSettings({ consent: 'skip' })
  for (const way of ways) await page.context().addInitScript(way)
  await page.reload()
}

const startsInTime = async (app: App) => {
  const begunAtMs = performance.now()
  const outcome = await app.starts()
  expect(performance.now() - begunAtMs).toBeLessThan(BOUND_MS)
  return outcome
}

/** The number of storage events that a late listener gets. */
const timesTold = ({ page }: App) =>
  page.evaluate(() => {
    let told = 0
    window.auth.on('storageDegraded', () => {
      told += 1
    })
    return told
  })

/** Signs in at the provider, and returns with the response. */
async function goesAndComesBack(app: App, request: object = { scopes: SCOPES }): Promise<void> {
  await app.leavesBy('signIn', request)
  await signInAtProvider(app.page, 'Alice Adams')
  await app.page.waitForURL(/#.*state=/)
}

const keptInTab = ({ page }: App) => page.evaluate(() => Object.keys(sessionStorage))

for (const [what, breakIt] of Object.entries(refusedDatabase))
  story(`IndexedDB ${what}: a sign-in by redirect works, from memory`, async ({ app }) => {
    await refuse(app, breakIt)
    expect((await startsInTime(app)).error).toBeUndefined()
    await goesAndComesBack(app, { scopes: SCOPES, state: 'of the app', returnTo: '/deep?a=b' })
    const response = app.page.url()
    expect((await startsInTime(app)).answer?.username).toBe('alice@example.com')
    expect(app.page.url()).toBe(`${app.world.bareUrl}deep?a=b`)
    expect(await app.page.evaluate(() => window.auth.redirectResult?.state)).toBe('of the app')
    expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true)
    expect((await app.asks(SCOPES, { forceRefresh: true })).answer?.fromCache).toBe(false)
    expect(await timesTold(app)).toBe(1)

    // The response was redeemed: its copy is removed, and a replay is refused.
    expect((await keptInTab(app)).filter((name) => name.startsWith('carnet-redirect'))).toEqual([])
    await app.page.goto(response)
    await app.page.reload()
    expect((await app.starts()).error?.code).toBe('transaction_not_found')
  })

story('Without IndexedDB, the storage of a tab does not contain the `state`', async ({ app }) => {
  await refuse(app, refusedDatabase['is not there'])
  await app.starts()
  await goesAndComesBack(app)
  const [, random = ''] = /state=[^.&]+\.([\w-]+)/.exec(app.page.url()) ?? []
  expect(random).not.toBe('')
  const stored = await app.page.evaluate(() => JSON.stringify({ ...sessionStorage }))
  // The `state` decrypts the copy of the transaction beside the note.
  expect(stored).toContain('carnet-redirect')
  expect(stored).toContain('carnet|waits')
  expect(stored).not.toContain(random)
})

for (const redirectUri of ['/', '/callback.html'])
  for (const [what, set] of Object.entries({
    'without `state`': { state: null },
    'with neither code nor error': { code: null },
    'with tokens': { code: null, access_token: 's3cret' },
  }))
    story(
      `Without IndexedDB, a redirect returns to ${redirectUri} ${what}: the app gets an error`,
      async ({ app, world }) => {
        await refuse(app, refusedDatabase['is not there'])
        await app.idp.control.changeSettings({ signInAs: 'alice' })
        await app.idp.control.addFault({
          endpoint: 'authorization',
          fault: { kind: 'authorizationResponse', set },
        })
        await app.starts({ redirectUri })
        await app.leavesBy('signIn', { scopes: SCOPES })
        await app.page.waitForURL(
          ({ href, pathname, hash }) =>
            href.startsWith(world.bareUrl) && pathname !== '/callback.html' && hash !== '',
        )
        // The bare page forwards no tokens.
        if (redirectUri !== '/') expect(app.page.url()).not.toContain('s3cret')
        const { error } = await app.starts({ redirectUri })
        expect(error).toMatchObject({ code: 'unusable_response' })
        expect(app.page.url()).not.toMatch(/[#?]/)
        expect((await app.starts({ redirectUri })).error).toBeUndefined()
      },
    )

story(
  'Without IndexedDB the session ends with the page, and the hidden iframe restores it',
  async ({ app }) => {
    await refuse(app, refusedDatabase['throws on opening'])
    await app.starts()
    await goesAndComesBack(app)
    await app.starts()
    await app.page.reload()
    expect((await app.starts()).answer?.username).toBeUndefined()
    expect((await app.calls('ssoSilent', { scopes: SCOPES })).answer?.uniqueId).toBe('alice')
    expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true)
  },
)

story(
  'Two tabs without IndexedDB sign in at the same time, each by its own redirect',
  async ({ app }) => {
    await refuse(app, refusedDatabase['is not there'])
    const other = await anotherTab(app)
    for (const tab of [app, other]) await tab.starts()
    for (const tab of [app, other]) await tab.leavesBy('signIn', { scopes: SCOPES })
    await signInAtProvider(other.page, 'Alice Adams')
    await other.page.waitForURL(/#.*state=/)
    await signInAtProvider(app.page, 'Alice Adams')
    await app.page.waitForURL(/#.*state=/)
    for (const tab of [app, other])
      expect((await tab.starts()).answer?.username).toBe('alice@example.com')
  },
)

story('A response works only in the tab that started the redirect', async ({ app }) => {
  await refuse(app, refusedDatabase['is not there'])
  await app.starts()
  await goesAndComesBack(app)
  const other = await anotherTab(app)
  await other.page.goto(app.page.url())
  await other.page.reload()
  expect((await other.starts()).error?.code).toBe('transaction_not_found')
  expect((await app.starts()).answer?.username).toBe('alice@example.com')
})

story(
  'IndexedDB breaks while the user is at the provider: the sign-in completes',
  async ({ app }) => {
    await app.idp.control.changeSettings({ consent: 'skip' })
    await app.starts()
    await app.leavesBy('signIn', { scopes: SCOPES })
    await app.page.addInitScript(refusedDatabase['never answers an opening'])
    await signInAtProvider(app.page, 'Alice Adams')
    await app.page.waitForURL(/#.*state=/)
    expect((await startsInTime(app)).answer?.username).toBe('alice@example.com')
  },
)

story('A redirect with working storage leaves no copy', async ({ app }) => {
  await app.isSignedIn({ scopes: SCOPES })
  expect((await keptInTab(app)).filter((name) => name.startsWith('carnet-redirect'))).toEqual([])
})

story(
  'Without IndexedDB and web storage, a redirect is refused before it starts',
  async ({ app }) => {
    await refuse(app, refusedDatabase['is not there'], refuseWebStorage)
    await app.starts()
    const before = app.page.url()
    for (const verb of ['signIn', 'acquireTokenRedirect'] as const)
      expect((await app.calls(verb, { scopes: SCOPES })).error).toMatchObject({
        code: 'storage_unavailable',
        hint: expect.stringMatching(/popup|storage_unavailable/),
      })
    expect(app.page.url()).toBe(before)
    const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
    await signInAtProvider(popup, 'Alice Adams')
    expect((await outcome).answer?.uniqueId).toBe('alice')
  },
)

story(
  'Popup, refresh and redirect work without Web Locks and channels',
  inPageOnly,
  async ({ app }) => {
    await refuse(app, refuseTalkBetweenPages)
    await app.starts()
    const { popup, outcome } = await app.opensPopupBy('signIn', {
      interaction: 'popup',
      scopes: SCOPES,
    })
    await signInAtProvider(popup, 'Alice Adams')
    expect((await outcome).answer?.uniqueId).toBe('alice')
    expect((await app.asks(SCOPES, { forceRefresh: true })).answer?.fromCache).toBe(false)
    await app.leavesBy('signIn', { scopes: SCOPES })
    await app.page.waitForURL(/#.*state=/)
    expect((await app.starts()).answer?.username).toBe('alice@example.com')
    expect(await timesTold(app)).toBe(0)
  },
)

story(
  'The accounts of a database that opens late appear when it opens',
  inPageOnly,
  async ({ app }) => {
    await app.isSignedIn({ scopes: SCOPES })
    await app.page.addInitScript(answerLate)
    await app.page.reload()
    expect((await startsInTime(app)).answer?.username).toBeUndefined()
    expect(await timesTold(app)).toBe(1)
    const added = await app.page.evaluate(
      () =>
        new Promise((resolve) => {
          window.auth.on('accountAdded', ({ account }) => resolve(account.username))
          ;(window as unknown as { release(): void }).release()
        }),
    )
    expect(added).toBe('alice@example.com')
    expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true)
    expect((await app.asks(SCOPES, { forceRefresh: true })).answer?.fromCache).toBe(false)
  },
)

for (const location of ['session', 'memory'] as const)
  story(
    `A redirect works with the cache in the ${location} and without IndexedDB`,
    async ({ app }) => {
      const options = { cache: { location } }
      await refuse(app, refusedDatabase['never answers an opening'])
      await app.starts(options)
      await goesAndComesBack(app)
      expect((await app.starts(options)).answer?.username).toBe('alice@example.com')
      expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true)
    },
  )
