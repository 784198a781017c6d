import type { Page } from '@playwright/test'
import { type App, anotherTab } from '../../steps/app.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { pendingCount } from '../../steps/storage-dump.ts'
import { expect, story } from '../../world.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

const isThere = (popup: Page) =>
  expect(popup.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()

/** Windows cut the tie to the page that opened them. */
const outOfReach = ({ idp }: App) =>
  idp.control.changeSettings({ consent: 'skip', crossOriginOpenerPolicy: 'same-origin' })

story('A person may take as long as they like', async ({ app }) => {
  await app.starts()
  const { popup, outcome } = await app.opensWindowBy('signIn', { interaction: 'popup' })
  await isThere(popup)
  await app.jumps(11 * MINUTE_MS)
  await signInAtProvider(popup, 'Alice Adams')
  await allowAtProvider(popup)
  expect((await outcome).answer?.uniqueId).toBe('alice')
})

story('Another tab that tidies up a day later does not end a sign-in', async ({ app }) => {
  await app.starts()
  const { popup, outcome } = await app.opensWindowBy('signIn', { interaction: 'popup' })
  await isThere(popup)
  expect(await pendingCount(app.page)).toBe(1)
  const other = await anotherTab(app)
  await other.starts({ clockAheadMs: 25 * HOUR_MS })
  await expect.poll(() => pendingCount(app.page)).toBe(0)
  await signInAtProvider(popup, 'Alice Adams')
  await allowAtProvider(popup)
  expect((await outcome).answer?.uniqueId).toBe('alice')
})

story('A page that has gone does not keep the window waiting', async ({ app }) => {
  await app.idp.control.changeSettings({ consent: 'skip' })
  await app.starts()
  const { popup } = await app.opensWindowBy('signIn', { interaction: 'popup' })
  await isThere(popup)
  await app.page.goto('about:blank')
  await signInAtProvider(popup, 'Alice Adams')
  await expect(popup.getByText('The app started here.')).toBeVisible()
})

story(
  'A window out of reach whose request was cancelled closes itself at its end',
  async ({ app }) => {
    await app.idp.control.changeSettings({
      consent: 'skip',
      crossOriginOpenerPolicy: 'same-origin',
    })
    await app.starts()
    const { popup, cancels, outcome } = await app.opensWindowToCancel()
    await isThere(popup)
    await cancels()
    expect(await outcome()).toMatchObject({ code: 'aborted' })
    await signInAtProvider(popup, 'Alice Adams')
    await expect.poll(() => popup.isClosed()).toBe(true)
    expect(await app.page.evaluate(() => window.auth.accounts.length)).toBe(0)
    expect((await app.requests()).token).toBe(0)
  },
)

story('Who asks again for a window out of reach gets another; both close', async ({ app }) => {
  await outOfReach(app)
  await app.starts()
  const first = await app.opensWindowBy('signIn', { interaction: 'popup' })
  await isThere(first.popup)
  const second = await app.opensWindowBy('signIn', { interaction: 'popup' })
  await signInAtProvider(second.popup, 'Alice Adams')
  expect((await first.outcome).answer?.uniqueId).toBe('alice')
  expect((await second.outcome).answer?.uniqueId).toBe('alice')
  await signInAtProvider(first.popup, 'Alice Adams')
  await expect.poll(() => first.popup.isClosed()).toBe(true)
  expect((await app.requests()).token).toBe(1)
})
