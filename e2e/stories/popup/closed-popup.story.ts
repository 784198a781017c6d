import type { Page } from '@playwright/test'
import type { App, Outcome } from '../../steps/app.ts'
import { pendingCount } from '../../steps/browser/storage-dump.ts'
import { granted } from '../../steps/granted.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

const signInPage = (popup: Page) => popup.getByRole('button', { name: 'Continue as Alice Adams' })

/** Closes the popup, and returns the outcome of the request and its delay. */
async function closes(popup: Page, outcome: Promise<Outcome<unknown>>) {
  await popup.close()
  const closedAt = Date.now()
  const { error } = await outcome
  return { code: error?.code, afterMs: Date.now() - closedAt }
}

/** Holds the response to the discovery request. */
const discoveryHangs = ({ idp }: App) =>
  idp.control.addFault({ endpoint: 'discovery', fault: { kind: 'hang' } })

story('The user closes the popup while the provider does not respond', async ({ app }) => {
  await app.starts()
  await app.idp.control.addFault({ endpoint: 'authorization', fault: { kind: 'hang' } })
  const asking = app.page
    .context()
    .waitForEvent('request', (request) => request.url().includes('response_type=code'))
  const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
  await asking
  const { code, afterMs } = await closes(popup, outcome)
  expect(code).toBe('user_cancelled')
  expect(afterMs).toBeLessThan(1500)
})

story('The user closes the popup during discovery', async ({ app }) => {
  await discoveryHangs(app)
  await app.starts({ requestTimeoutMs: 60_000 })
  const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
  const { code, afterMs } = await closes(popup, outcome)
  expect(code).toBe('user_cancelled')
  expect(afterMs).toBeLessThan(1500)

  const again = await app.opensPopupBy('signIn', { interaction: 'popup' })
  await app.idp.control.clearFaults()
  await expect(signInPage(again.popup)).toBeVisible()
})

story('A signal aborts the request and closes the popup', async ({ app }) => {
  await app.starts()
  const { popup, cancels, outcome } = await app.opensPopupToCancel()
  await expect(signInPage(popup)).toBeVisible()
  await cancels()
  expect(await outcome()).toMatchObject({ code: 'aborted' })
  await expect.poll(() => popup.isClosed()).toBe(true)
})

story(
  'A signal aborts during discovery; the next click opens a popup',
  async ({ app, context }) => {
    await discoveryHangs(app)
    await app.starts({ requestTimeoutMs: 60_000 })
    const { popup, cancels, outcome } = await app.opensPopupToCancel()
    await cancels()
    expect(await outcome()).toMatchObject({ code: 'aborted' })
    await expect.poll(() => popup.isClosed()).toBe(true)

    const again = await app.opensPopupBy('signIn', { interaction: 'popup' })
    await app.idp.control.clearFaults()
    await expect(signInPage(again.popup)).toBeVisible()
    expect(context.pages()).toHaveLength(2)
    expect((await app.requests()).authorization).toBe(1) // The aborted request reaches no provider,
    await expect.poll(() => pendingCount(app.page)).toBe(1) // and its transaction is removed.
  },
)

story('The user closes the popup while the app loads in it', async ({ app, context }) => {
  await app.idp.control.changeSettings({ consent: 'skip' })
  await app.starts()
  const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
  await popup.route('**/assets/*.js', () => undefined) // The document loads, and its script hangs.
  await signInAtProvider(popup, 'Alice Adams')
  await popup.waitForURL(/state=/, { waitUntil: 'commit' })
  expect((await closes(popup, outcome)).code).toBe('user_cancelled')
  expect(context.pages()).toHaveLength(1)
})

for (const coop of ['same-origin', 'noopener-allow-popups'])
  story(`A popup without an opener (COOP ${coop}) blocks no other request`, async ({ app }) => {
    await app.idp.control.changeSettings({ crossOriginOpenerPolicy: coop, consent: 'skip' })
    await app.starts()
    const first = await app.opensPopupBy('acquireTokenPopup', { scopes: ['calendar.read'] })
    await expect(signInPage(first.popup)).toBeVisible()
    const other = await app.opensPopupBy('acquireTokenPopup', { scopes: ['mail.read'] })
    await signInAtProvider(other.popup, 'Alice Adams')
    expect((await other.outcome).answer?.scopes).toEqual(granted('mail.read'))
    // The popup seemed closed but was open, so its response counts.
    await signInAtProvider(first.popup, 'Bob Brown')
    expect((await first.outcome).answer?.scopes).toEqual(granted('calendar.read'))
  })

story('The user closes a popup without an opener, and starts another request', async ({ app }) => {
  await app.idp.control.changeSettings({ crossOriginOpenerPolicy: 'same-origin' })
  await app.starts()
  const { popup } = await app.opensPopupBy('acquireTokenPopup', { scopes: ['calendar.read'] })
  await expect(signInPage(popup)).toBeVisible()
  await popup.close()
  const other = await app.opensPopupBy('signIn', { interaction: 'popup' })
  await signInAtProvider(other.popup, 'Alice Adams')
  await allowAtProvider(other.popup)
  expect((await other.outcome).answer?.uniqueId).toBe('alice')
})
