import type { App } from '../../steps/app.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

/** Holds the chunk of the engine until the story releases it. */
async function engineIsOnItsWay({ page }: App): Promise<() => void> {
  let letGo = () => {}
  const released = new Promise<void>((resolve) => {
    letGo = resolve
  })
  await page.route('**/assets/engine-*.js', async (route) => {
    await released
    await route.continue()
  })
  return letGo
}

story('A double click before the engine loads opens one popup', async ({ app, context }) => {
  const arrives = await engineIsOnItsWay(app)
  await app.starts()
  const first = await app.opensPopupBy('signIn', { interaction: 'popup' })
  const second = app.calls('signIn', { interaction: 'popup' })
  await app.page.evaluate(() => undefined)
  expect(context.pages()).toHaveLength(2)
  arrives()
  await signInAtProvider(first.popup, 'Alice Adams')
  await allowAtProvider(first.popup)
  const { answer } = await first.outcome
  expect(answer?.uniqueId).toBe('alice')
  expect((await second).answer?.accessToken).toBe(answer?.accessToken)
  expect(context.pages()).toHaveLength(1)
  expect(await app.requests()).toMatchObject({ authorization: 1, token: 1 })
})

story('Two clients of a page open one popup', async ({ app, context }) => {
  const arrives = await engineIsOnItsWay(app)
  await app.starts()
  const answering = app.page.evaluate(async () => {
    const options = { clientId: 'spa', authority: window.authority }
    const again = await window.carnet.createAuthClient(options)
    const clients = [window.auth, again]
    const both = await Promise.all(clients.map((auth) => auth.signIn({ interaction: 'popup' })))
    return both.map(({ uniqueId }) => uniqueId)
  })
  await expect.poll(() => context.pages().length).toBe(2)
  arrives()
  const [popup = app.page] = context.pages().filter((page) => page !== app.page)
  await signInAtProvider(popup, 'Alice Adams')
  await allowAtProvider(popup)
  expect(await answering).toEqual(['alice', 'alice'])
  await expect.poll(() => context.pages().length).toBe(1)
})

story('The user closes the popup before the engine loads', async ({ app, context }) => {
  const arrives = await engineIsOnItsWay(app)
  await app.starts()
  const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
  await popup.close()
  const closedAt = Date.now()
  expect((await outcome).error).toMatchObject({ code: 'user_cancelled' })
  expect(Date.now() - closedAt).toBeLessThan(1500)
  const shown = await app.page.evaluate(() => {
    const { interaction, error } = window.auth.snapshot()
    return { interaction, code: error?.code }
  })
  expect(shown).toEqual({ interaction: null, code: 'user_cancelled' })
  arrives()
  const again = await app.opensPopupBy('signIn', { interaction: 'popup' })
  await signInAtProvider(again.popup, 'Alice Adams')
  expect(context.pages()).toHaveLength(2)
})

story('A signal aborts before the engine loads; the next click opens a popup', async ({ app }) => {
  const arrives = await engineIsOnItsWay(app)
  await app.starts()
  const { popup, cancels, outcome } = await app.opensPopupToCancel()
  await cancels()
  expect(await outcome()).toMatchObject({ code: 'aborted' })
  await expect.poll(() => popup.isClosed()).toBe(true)
  const again = await app.opensPopupBy('signIn', { interaction: 'popup' })
  arrives()
  await signInAtProvider(again.popup, 'Alice Adams')
  await allowAtProvider(again.popup)
  expect((await again.outcome).answer?.uniqueId).toBe('alice')
})

story('A sign-out without an account closes its popup', async ({ app, context }) => {
  const arrives = await engineIsOnItsWay(app)
  await app.starts()
  const { popup, outcome } = await app.opensPopupBy('signOut', { interaction: 'popup' })
  arrives()
  expect((await outcome).error).toBeUndefined()
  await expect.poll(() => popup.isClosed()).toBe(true)
  expect(context.pages()).toHaveLength(1)
})
