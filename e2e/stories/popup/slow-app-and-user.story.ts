import { expect, type Page } from '@playwright/test'
import { waitsAtHumanPace } from '../../steps/human-pace.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { story } from '../../world.ts'

const isThere = (popup: Page) =>
  expect(popup.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()

story('The user closes the popup as soon as its page appears', async ({ app }) => {
  await app.starts()
  for (const _ of [1, 2, 3, 4]) {
    const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
    await isThere(popup)
    await waitsAtHumanPace(app.page)
    await popup.close()
    const closedAt = Date.now()
    expect((await outcome).error?.code).toBe('user_cancelled')
    expect(Date.now() - closedAt).toBeLessThan(1500)
  }
  const again = await app.opensPopupBy('signIn', { interaction: 'popup' })
  await signInAtProvider(again.popup, 'Bob Brown')
  await allowAtProvider(again.popup)
  expect((await again.outcome).answer?.uniqueId).toBe('bob')
})

for (const path of ['/', '/callback.html'])
  story(`A page that is busy for seconds still gets the response, by ${path}`, async ({ app }) => {
    // A popup without an opener runs while the page is busy.
    await app.idp.control.changeSettings({
      consent: 'skip',
      crossOriginOpenerPolicy: 'same-origin',
    })
    await app.starts({ redirectUri: path })
    const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
    await isThere(popup)
    const busy = app.page.evaluate((until) => {
      while (Date.now() < until);
    }, Date.now() + 4500)
    await signInAtProvider(popup, 'Alice Adams')
    await busy
    expect((await outcome).answer?.uniqueId).toBe('alice')
    await expect.poll(() => popup.isClosed()).toBe(true)
    expect((await app.requests()).token).toBe(1)
  })
