import type { Frame, Page } from '@playwright/test'
import type { App } from '../../steps/app.ts'
import { waitsAtHumanPace } from '../../steps/human-pace.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

/**
 * The app in a frame beside a field: a browser under automation has every page focused, but only one frame
 * of a page. Whoever turns to the field has left the app, as whoever turns to a window.
 */
async function appBesideField({ page, world }: App): Promise<Frame> {
  await page.evaluate((url) => {
    document.body.innerHTML = `<input aria-label="Elsewhere"><iframe src="${url}"></iframe>`
  }, world.bareUrl)
  const frame = await page.waitForSelector('iframe').then((element) => element.contentFrame())
  if (!frame) throw new Error('There is no frame.')
  await frame.waitForFunction(() => 'carnet' in window)
  await page.locator('iframe').click()
  return frame
}

/** Signs in by a window, and shows it as soon as the user has turned to it. */
async function opensWindow({ page }: App, frame: Frame) {
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

const cutsTheTie = ({ idp }: App) =>
  idp.control.changeSettings({ crossOriginOpenerPolicy: 'same-origin' })

/** The window seems to be closed, although it is not. */
const seemsClosed = (popup: Page) => popup.evaluate(() => window.opener === null)

story(
  'The second page cuts the tie: a user who is still there has not given up',
  async ({ app }) => {
    const frame = await appBesideField(app)
    const { popup, outcome } = await opensWindow(app, frame)
    await cutsTheTie(app)
    await signInAtProvider(popup, 'Alice Adams')
    await expect(popup.getByRole('button', { name: 'Allow' })).toBeVisible()
    expect(await seemsClosed(popup)).toBe(true)
    // Longer than a watch that knows nothing of the focus would believe in the window.
    await frame.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1500)))
    await allowAtProvider(popup)
    expect(await outcome()).toBeUndefined()
    await expect.poll(() => popup.isClosed()).toBe(true)
  },
)

story('The user closes the window, and is back in the app: told at once', async ({ app }) => {
  const frame = await appBesideField(app)
  const { popup, outcome } = await opensWindow(app, frame)
  await waitsAtHumanPace(frame)
  await popup.close()
  await frame.evaluate(() => window.focus())
  expect(await outcome()).toMatchObject({ code: 'user_cancelled' })
})

story('The page that brings the response cuts the tie: the response counts', async ({ app }) => {
  await app.idp.control.changeSettings({ consent: 'skip' })
  await app.starts({ redirectUri: '/callback.html' })
  const { popup, outcome } = await app.opensWindowBy('signIn', { interaction: 'popup' })
  await popup.route('**/callback.html', async (route) => {
    const response = await route.fetch()
    const headers = { ...response.headers(), 'cross-origin-opener-policy': 'same-origin' }
    await route.fulfill({ response, headers })
  })
  await signInAtProvider(popup, 'Alice Adams')
  expect((await outcome).answer?.uniqueId).toBe('alice')
})
