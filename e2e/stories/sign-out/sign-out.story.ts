import { anotherTab } from '../../steps/app.ts'
import { expect, story } from '../../world.ts'

story(
  'Alice signs out: here, at the provider, and she is back where the app wants her',
  async ({ app, world }) => {
    await app.isSignedIn({ scopes: ['calendar.read'] })
    await app.leavesBy('signOut')
    await app.isLoadedAnew()
    expect((await app.starts()).answer?.username).toBeUndefined()
    expect(app.page.url()).toBe(world.bareUrl)
    expect((await app.requests()).end_session).toBe(1)
    await app.leavesBy('signIn')
    await expect(app.page.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
  },
)

story('She can sign out here only; the provider still knows her', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  const { error } = await app.calls('signOut', { interaction: 'none' })
  expect(error).toBeUndefined()
  expect((await app.requests()).end_session).toBe(0)
  expect((await app.asks(['calendar.read'])).error).toMatchObject({ reason: 'no_account' })

  await app.leavesBy('signIn')
  await app.page.waitForURL(/#.*code=/) // No sign-in page: the session answers.
  expect((await app.starts()).answer?.username).toBe('alice@example.com')
})

story(
  'A provider without an end-session endpoint: she is out here, and the app is told',
  async ({ app }) => {
    await app.idp.control.changeSettings({ discovery: { end_session_endpoint: null } })
    await app.isSignedIn()
    const { error } = await app.calls('signOut')
    expect(error).toMatchObject({ code: 'end_session_unsupported' })
    expect(await app.page.evaluate(() => window.auth.accounts.length)).toBe(0)
  },
)

story('Signing out in one tab signs out the other', async ({ app, world }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  const other = await anotherTab(app)
  await other.starts()
  expect((await other.asks(['calendar.read'])).answer?.fromCache).toBe(true)

  await app.calls('signOut', { interaction: 'none' })
  await expect.poll(() => other.page.evaluate(() => window.auth.accounts.length)).toBe(0)
  expect((await other.asks(['calendar.read'])).error).toMatchObject({ reason: 'no_account' })
  expect((await world.idp.control.stats()).counts.token).toBe(1)
})
