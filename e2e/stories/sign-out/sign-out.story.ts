import { anotherTab } from '../../steps/app.ts'
import { expect, story } from '../../world.ts'

story(
  'Alice signs out of the app and the provider, and returns to the app',
  async ({ app, world }) => {
    await app.isSignedIn({ scopes: ['calendar.read'] })
    await app.leavesBy('signOut')
    await app.hasReloaded()
    expect((await app.starts()).answer?.username).toBeUndefined()
    expect(app.page.url()).toBe(world.bareUrl)
    expect((await app.requests()).end_session).toBe(1)
    await app.leavesBy('signIn')
    await expect(app.page.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
  },
)

story('Alice can sign out of the app only; the provider keeps its session', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  const { error } = await app.calls('signOut', { interaction: 'none' })
  expect(error).toBeUndefined()
  expect((await app.requests()).end_session).toBe(0)
  expect((await app.asks(['calendar.read'])).error).toMatchObject({ reason: 'no_account' })

  await app.leavesBy('signIn')
  await app.page.waitForURL(/#.*code=/) // The provider has a session, so it shows no sign-in page.
  expect((await app.starts()).answer?.username).toBe('alice@example.com')
})

story(
  'Without an end-session endpoint Alice is signed out locally, and the app gets an error',
  async ({ app }) => {
    await app.idp.control.changeSettings({ discovery: { end_session_endpoint: null } })
    await app.isSignedIn()
    const { error } = await app.calls('signOut')
    expect(error).toMatchObject({ code: 'end_session_unsupported' })
    expect(await app.page.evaluate(() => window.auth.accounts.length)).toBe(0)
  },
)

story('A sign-out in one tab signs out the other tab', async ({ app, world }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  const other = await anotherTab(app)
  await other.starts()
  expect((await other.asks(['calendar.read'])).answer?.fromCache).toBe(true)

  await app.calls('signOut', { interaction: 'none' })
  await expect.poll(() => other.page.evaluate(() => window.auth.accounts.length)).toBe(0)
  expect((await other.asks(['calendar.read'])).error).toMatchObject({ reason: 'no_account' })
  expect((await world.idp.control.stats()).counts.token).toBe(1)
})
