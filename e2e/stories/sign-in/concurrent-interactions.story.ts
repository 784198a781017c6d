import { anotherTab } from '../../steps/app.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

story(
  'A double click opens one popup, and both calls get the same result',
  async ({ app, context }) => {
    await app.starts()
    const opening = app.page.waitForEvent('popup')
    const answers = app.page.evaluate(async () => {
      const click = () => window.auth.signIn({ interaction: 'popup', scopes: ['calendar.read'] })
      const both = await Promise.all([click(), click()])
      return both.map(({ accessToken }) => accessToken)
    })
    const popup = await opening
    await signInAtProvider(popup, 'Alice Adams')
    await allowAtProvider(popup)
    const [first, second] = await answers
    expect(first).toBe(second)
    expect(context.pages()).toHaveLength(1)
    expect(await app.requests()).toMatchObject({ authorization: 1, token: 1 })
  },
)

story('Both calls of a double click get the same error', async ({ app }) => {
  await app.starts()
  const opening = app.page.waitForEvent('popup')
  const outcomes = app.page.evaluate(async () => {
    const click = () => window.auth.signIn({ interaction: 'popup' }).catch(window.seen)
    return Promise.all([click(), click()])
  })
  await (await opening).getByRole('button', { name: 'Cancel' }).click()
  expect(await outcomes).toMatchObject([{ code: 'access_denied' }, { code: 'access_denied' }])
})

story('A different request waits for the open popup', async ({ app, context }) => {
  await app.idp.control.changeSettings({ consent: 'skip' })
  await app.starts()
  const opening = app.page.waitForEvent('popup')
  const answers = app.page.evaluate(() =>
    Promise.all([
      window.auth.acquireTokenPopup({ scopes: ['calendar.read'] }),
      window.auth.acquireTokenPopup({ scopes: ['mail.read'] }),
    ]),
  )
  const first = await opening
  await expect(first.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
  expect(context.pages()).toHaveLength(2)
  await signInAtProvider(first, 'Alice Adams')
  // The provider has a session now, so the second request needs no input.
  const openId = ['offline_access', 'openid', 'profile']
  expect((await answers).map(({ scopes }) => scopes)).toEqual([
    ['calendar.read', ...openId],
    ['mail.read', ...openId],
  ])
})

story(
  'A second client with the same options shares the popups of the page',
  async ({ app, context }) => {
    await app.starts()
    const opening = app.page.waitForEvent('popup')
    const answers = app.page.evaluate(async () => {
      const again = await window.carnet.createAuthClient({
        clientId: 'spa',
        authority: window.authority,
      })
      const first = window.auth.signIn({ interaction: 'popup' })
      const second = again.signIn({ interaction: 'popup' })
      const both = await Promise.all([first, second])
      await new Promise((resolve) => setTimeout(resolve, 300))
      return [both[0].accessToken === both[1].accessToken, again.accounts.length]
    })
    const popup = await opening
    await signInAtProvider(popup, 'Alice Adams')
    await allowAtProvider(popup)
    expect(await answers).toEqual([true, 1])
    expect(context.pages()).toHaveLength(1)
  },
)

for (const location of ['indexeddb', 'session'] as const) {
  story(
    `Two concurrent clients report the same response in the address (${location})`,
    async ({ app }) => {
      const cache = { location }
      await app.idp.control.changeSettings({ consent: 'skip' })
      await app.starts({ cache })
      await app.leavesBy('signIn', { state: 'strict' })
      await app.signsInAtProvider()
      const seen = await app.page.evaluate(async (place) => {
        const options = { clientId: 'spa', authority: window.authority, cache: { location: place } }
        const starting = [options, options].map(window.carnet.createAuthClient)
        // React's StrictMode closes the first client and keeps the second.
        starting[0]?.then((first) => first.close())
        const second = await starting[1]
        const { accounts, activeAccount, redirectResult } = second ?? {}
        const token = await second?.acquireTokenSilent({ scopes: [] })
        const names = accounts?.map(({ homeAccountId }) => homeAccountId)
        return [redirectResult?.state, names, activeAccount?.homeAccountId, token?.fromCache]
      }, location)
      expect(seen).toEqual(['strict', ['alice'], 'alice', true])
      expect((await app.requests()).token).toBe(1)
    },
  )
}

story('Two tabs sign in at the same time, each in its own popup', async ({ app }) => {
  await app.idp.control.changeSettings({ consent: 'skip' })
  await app.starts()
  const other = await anotherTab(app)
  await other.starts()
  const here = await app.opensPopupBy('signIn', { interaction: 'popup' })
  const there = await other.opensPopupBy('signIn', { interaction: 'popup' })
  await signInAtProvider(there.popup, 'Alice Adams')
  expect((await there.outcome).answer?.uniqueId).toBe('alice')
  await signInAtProvider(here.popup, 'Alice Adams')
  expect((await here.outcome).answer?.uniqueId).toBe('alice')
})

story('A double click on a redirect navigates once', async ({ app }) => {
  await app.starts()
  await app.page.evaluate(() => {
    for (let click = 0; click < 3; click++) void window.auth.signIn().catch(() => undefined)
  })
  await expect(app.page.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
  expect((await app.requests()).authorization).toBe(1)
})

story('A signal aborts a redirect before the page reports a failed navigation', async ({ app }) => {
  await app.page.clock.install()
  await app.page.reload()
  await app.starts()
  await app.idp.control.addFault({
    endpoint: 'authorization',
    fault: { kind: 'respond', status: 204, body: '' },
  })
  await app.page.evaluate(() => {
    const leaving = new AbortController()
    const asking = window.auth.signIn({ signal: leaving.signal }).catch((error) => error.code)
    Object.assign(window, { leaving, asking })
  })
  await expect.poll(async () => (await app.requests()).authorization).toBe(1)
  await app.page.clock.runFor(3000) // The redirect has left the queue.
  const code = await app.page.evaluate(() => {
    const { leaving, asking } = window as unknown as {
      leaving: AbortController
      asking: Promise<string>
    }
    leaving.abort()
    return asking
  })
  expect(code).toBe('aborted')
})

story('A popup completes although the app creates a new client meanwhile', async ({ app }) => {
  await app.starts()
  const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
  await expect(popup.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
  await app.page.evaluate(async () => {
    const options = { clientId: 'spa', authority: window.authority }
    Object.assign(window, { again: await window.carnet.createAuthClient(options) })
  })
  await signInAtProvider(popup, 'Alice Adams')
  await allowAtProvider(popup)
  expect((await outcome).answer?.uniqueId).toBe('alice')
})
