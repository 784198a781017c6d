import { anotherTab } from '../../steps/app.ts'
import { pendingCount } from '../../steps/browser/storage-dump.ts'
import { expect, story } from '../../world.ts'

const MINUTE_MS = 60_000

for (const minutes of [25, 55, 59])
  story(
    `Alice registers, confirms her e-mail and returns after ${minutes} minutes`,
    async ({ app }) => {
      await app.idp.control.changeSettings({ consent: 'skip' })
      await app.starts()
      await app.leavesBy('signIn', { scopes: ['calendar.read'] })
      await app.signsInAtProvider()
      const { answer } = await app.starts({ clockAheadMs: minutes * MINUTE_MS })
      expect(answer?.username).toBe('alice@example.com')
    },
  )

story('Another tab that prunes the store does not end a pending sign-in', async ({ app }) => {
  await app.idp.control.changeSettings({ consent: 'skip' })
  await app.starts()
  await app.leavesBy('signIn', {})
  await app.page.getByRole('button', { name: 'Continue as Alice Adams' }).waitFor()
  const other = await anotherTab(app)
  await app.idp.control.resetStats()
  // An idle tab prunes the store, then renews the metadata, which expires after 24 hours.
  await other.starts({ clockAheadMs: (24 * 60 + 30) * MINUTE_MS })
  await expect.poll(async () => (await app.requests()).discovery).toBe(1)
  await app.signsInAtProvider()
  expect(await pendingCount(other.page)).toBe(1)
  const { answer } = await app.starts({ clockAheadMs: 59 * MINUTE_MS })
  expect(answer?.username).toBe('alice@example.com')
})

story(
  'A response after more than an hour is refused, and its code is not redeemed',
  async ({ app }) => {
    await app.idp.control.changeSettings({ consent: 'skip' })
    await app.starts()
    await app.leavesBy('signIn', {})
    await app.signsInAtProvider()
    const { error } = await app.starts({ clockAheadMs: 61 * MINUTE_MS })
    expect(error).toMatchObject({ code: 'transaction_expired' })
    expect(error?.message).toContain('3600 seconds')
    expect((await app.requests()).token).toBe(0)
  },
)

story('An app may change the lifetime of a transaction', async ({ app }) => {
  await app.idp.control.changeSettings({ consent: 'skip' })
  const short = { interaction: { transactionLifetimeMs: 5 * MINUTE_MS } }
  await app.starts(short)
  await app.leavesBy('signIn', {})
  await app.signsInAtProvider()
  const { error } = await app.starts({ ...short, clockAheadMs: 6 * MINUTE_MS })
  expect(error).toMatchObject({ code: 'transaction_expired' })

  const long = { interaction: { transactionLifetimeMs: 180 * MINUTE_MS } }
  await app.starts(long)
  await app.leavesBy('signIn', {})
  await app.page.waitForURL(/#.*state=/)
  const { answer } = await app.starts({ ...long, clockAheadMs: 179 * MINUTE_MS })
  expect(answer?.username).toBe('alice@example.com')
})
