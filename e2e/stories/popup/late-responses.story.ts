import type { Page } from '@playwright/test'
import { type App, anotherTab } from '../../steps/app.ts'
import { pendingCount } from '../../steps/browser/storage-dump.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

const isThere = (popup: Page) =>
  expect(popup.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()

/** The pages of the provider cut the opener of a popup. */
const outOfReach = ({ idp }: App) =>
  idp.control.changeSettings({ consent: 'skip', crossOriginOpenerPolicy: 'same-origin' })

story('A sign-in by popup has no time limit', async ({ app }) => {
  await app.starts()
  const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
  await isThere(popup)
  await app.jumps(11 * MINUTE_MS)
  await signInAtProvider(popup, 'Alice Adams')
  await allowAtProvider(popup)
  expect((await outcome).answer?.uniqueId).toBe('alice')
})

story('Another tab that prunes the store a day later does not end a sign-in', async ({ app }) => {
  await app.starts()
  const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
  await isThere(popup)
  expect(await pendingCount(app.page)).toBe(1)
  const other = await anotherTab(app)
  await other.starts({ clockAheadMs: 25 * HOUR_MS })
  await expect.poll(() => pendingCount(app.page)).toBe(0)
  await signInAtProvider(popup, 'Alice Adams')
  await allowAtProvider(popup)
  expect((await outcome).answer?.uniqueId).toBe('alice')
})

story('A popup does not wait for a page that is gone', async ({ app }) => {
  await app.idp.control.changeSettings({ consent: 'skip' })
  await app.starts()
  const { popup } = await app.opensPopupBy('signIn', { interaction: 'popup' })
  await isThere(popup)
  await app.page.goto('about:blank')
  await signInAtProvider(popup, 'Alice Adams')
  await expect(popup.getByText('The app started here.')).toBeVisible()
})

story('A popup without an opener closes itself after its request was aborted', async ({ app }) => {
  await app.idp.control.changeSettings({
    consent: 'skip',
    crossOriginOpenerPolicy: 'same-origin',
  })
  await app.starts()
  const { popup, cancels, outcome } = await app.opensPopupToCancel()
  await isThere(popup)
  await cancels()
  expect(await outcome()).toMatchObject({ code: 'aborted' })
  await signInAtProvider(popup, 'Alice Adams')
  await expect.poll(() => popup.isClosed()).toBe(true)
  expect(await app.page.evaluate(() => window.auth.accounts.length)).toBe(0)
  expect((await app.requests()).token).toBe(0)
})

story(
  'A second request opens a second popup if the first has no opener; both close',
  async ({ app }) => {
    await outOfReach(app)
    await app.starts()
    const first = await app.opensPopupBy('signIn', { interaction: 'popup' })
    await isThere(first.popup)
    const second = await app.opensPopupBy('signIn', { interaction: 'popup' })
    await signInAtProvider(second.popup, 'Alice Adams')
    expect((await first.outcome).answer?.uniqueId).toBe('alice')
    expect((await second.outcome).answer?.uniqueId).toBe('alice')
    await signInAtProvider(first.popup, 'Alice Adams')
    await expect.poll(() => first.popup.isClosed()).toBe(true)
    expect((await app.requests()).token).toBe(1)
  },
)
