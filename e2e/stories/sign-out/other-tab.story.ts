import { type App, anotherTab } from '../../steps/app.ts'
import { signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

/** Alice is signed in in two tabs. The second tab has a popup at the sign-in page for more scopes. */
async function aliceAsksInAnotherTab(app: App) {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  const other = await anotherTab(app)
  await other.starts()
  const account = await other.page.evaluate(() => window.auth.activeAccount)
  const { popup, outcome } = await other.opensPopupBy('acquireTokenPopup', {
    scopes: ['mail.read'],
    maxAgeMs: 0,
    account,
  })
  await expect(popup.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
  return { other, popup, outcome }
}

const accounts = ({ page }: App) => page.evaluate(() => window.auth.accounts.length)

story('A sign-out in one tab closes the popup of another tab', async ({ app }) => {
  const { other, popup, outcome } = await aliceAsksInAnotherTab(app)
  await app.calls('signOut', { interaction: 'none' })
  expect((await outcome).error).toMatchObject({ code: 'account_not_found' })
  await expect.poll(() => popup.isClosed()).toBe(true)
  expect(await accounts(other)).toBe(0)
})

story('A sign-out in one tab voids a popup without an opener in another tab', async ({ app }) => {
  await app.idp.control.changeSettings({ crossOriginOpenerPolicy: 'same-origin' })
  const { other, popup, outcome } = await aliceAsksInAnotherTab(app)
  await app.calls('signOut', { interaction: 'none' })
  expect((await outcome).error).toMatchObject({ code: 'account_not_found' })
  await signInAtProvider(popup, 'Alice Adams')
  await expect.poll(() => popup.isClosed()).toBe(true)
  expect([await accounts(app), await accounts(other)]).toEqual([0, 0])
})

story('A sign-out in one tab voids a code that another tab redeems', async ({ app }) => {
  const { other, popup, outcome } = await aliceAsksInAnotherTab(app)
  const before = (await app.requests()).token ?? 0
  await app.idp.control.changeSettings({ latencyMs: { token: 3000 } })
  await signInAtProvider(popup, 'Alice Adams')
  await expect.poll(async () => (await app.requests()).token).toBe(before + 1)
  await app.calls('signOut', { interaction: 'none' })
  expect((await outcome).error).toMatchObject({ code: 'account_not_found' })
  expect([await accounts(app), await accounts(other)]).toEqual([0, 0])
  await other.page.reload()
  expect((await other.starts()).answer?.username).toBeUndefined()
})

story('A tab that cannot load the engine receives the sign-out', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  const other = await anotherTab(app)
  await other.page.route('**/assets/engine-*.js', (route) => route.abort())
  await other.page.reload()
  await other.starts()
  expect((await other.asks(['calendar.read'])).answer?.fromCache).toBe(true)
  await other.page.evaluate(() => {
    window.heard = []
    window.auth.on('activeAccountChanged', ({ account }) =>
      window.heard.push({ name: account?.username ?? 'nobody' }),
    )
  })

  await app.calls('signOut', { interaction: 'none' })
  await expect.poll(() => accounts(other)).toBe(0)
  expect(await other.page.evaluate(() => window.heard)).toEqual([{ name: 'nobody' }])
  expect((await other.asks(['calendar.read'])).error).toMatchObject({ code: 'part_not_loaded' })
})

story('Each tab gets the event `signedOut` with the account of Alice', async ({ app }) => {
  await app.isSignedIn()
  const other = await anotherTab(app)
  await other.starts()
  await other.page.evaluate(() => {
    window.heard = []
    for (const name of ['accountRemoved', 'signedOut'] as const)
      window.auth.on(name, ({ account, tab }) =>
        window.heard.push({ name, tab: `${tab}: ${account.username}` }),
      )
  })
  await app.calls('signOut', { interaction: 'none' })
  await expect
    .poll(() => other.page.evaluate(() => window.heard))
    .toEqual([
      { name: 'accountRemoved', tab: 'other: alice@example.com' },
      { name: 'signedOut', tab: 'other: alice@example.com' },
    ])
})
