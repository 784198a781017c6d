import type { Frame, Page } from '@playwright/test'
import type { App } from '../../steps/app.ts'
import { waitsAtHumanPace } from '../../steps/human-pace.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

/**
 * The app in an iframe beside a text field. A browser under automation focuses all pages, but only one frame of a page.
 * A user who focuses the field has left the app, as a user who focuses a popup.
 */
async function appBesideField({ page, world }: App): Promise<Frame> {
  await page.evaluate((url) => {
    document.body.innerHTML = `<input aria-label="Elsewhere"><iframe src="${url}"></iframe>`
  }, world.bareUrl)
  const frame = await page.waitForSelector('iframe').then((element) => element.contentFrame())
  if (!frame) throw new Error('The page has no iframe.')
  await frame.waitForFunction(() => 'carnet' in window)
  await page.locator('iframe').click()
  return frame
}

/** Signs in by popup, and returns the popup after the user focuses it. */
async function opensPopup({ page }: App, frame: Frame) {
  const opening = page.waitForEvent('popup')
  await frame.evaluate(async () => {
    window.auth = await window.carnet.createAuthClient({
      clientId: 'spa',
      authority: window.authority,
    })
    window.left = window.auth.signIn({ interaction: 'popup' }).then(() => undefined, window.seen)
  })
  const popup = await opening
  await page.getByLabel('Elsewhere').focus()
  await expect(popup.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
  return { popup, outcome: () => frame.evaluate(() => window.left) }
}

const cutsTheOpener = ({ idp }: App) =>
  idp.control.changeSettings({ crossOriginOpenerPolicy: 'same-origin' })

/** True if the popup has lost its opener. The app then sees it as closed. */
const hasLostOpener = (popup: Page) => popup.evaluate(() => window.opener === null)

story(
  'The second page removes the opener: a user in the popup has not cancelled',
  async ({ app }) => {
    const frame = await appBesideField(app)
    const { popup, outcome } = await opensPopup(app, frame)
    await cutsTheOpener(app)
    await signInAtProvider(popup, 'Alice Adams')
    await expect(popup.getByRole('button', { name: 'Allow' })).toBeVisible()
    expect(await hasLostOpener(popup)).toBe(true)
    // A watch without the focus would report a closed popup within this time.
    await frame.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1500)))
    await allowAtProvider(popup)
    expect(await outcome()).toBeUndefined()
    await expect.poll(() => popup.isClosed()).toBe(true)
  },
)

story(
  'The user closes the popup and returns to the app: the call rejects at once',
  async ({ app }) => {
    const frame = await appBesideField(app)
    const { popup, outcome } = await opensPopup(app, frame)
    await waitsAtHumanPace(frame)
    await popup.close()
    await frame.evaluate(() => window.focus())
    expect(await outcome()).toMatchObject({ code: 'user_cancelled' })
  },
)

story('The page of the response removes the opener: the response counts', async ({ app }) => {
  await app.idp.control.changeSettings({ consent: 'skip' })
  await app.starts({ redirectUri: '/callback.html' })
  const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
  await popup.route('**/callback.html', async (route) => {
    const response = await route.fetch()
    const headers = { ...response.headers(), 'cross-origin-opener-policy': 'same-origin' }
    await route.fulfill({ response, headers })
  })
  await signInAtProvider(popup, 'Alice Adams')
  expect((await outcome).answer?.uniqueId).toBe('alice')
})
