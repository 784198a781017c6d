import { stateOfPending } from '../../steps/browser/storage-dump.ts'
import { granted } from '../../steps/granted.ts'
import { allowAtProvider, cancelAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

story(
  'Alice signs in by popup with one authorization request and one token request',
  async ({ app }) => {
    await app.starts()
    await expect.poll(async () => (await app.requests()).discovery).toBe(1) // The idle page fetches the document.
    const { popup, outcome } = await app.opensPopupBy('signIn', {
      interaction: 'popup',
      scopes: ['calendar.read'],
      state: 'invoice 7',
    })
    await signInAtProvider(popup, 'Alice Adams')
    await allowAtProvider(popup)

    const { answer } = await outcome
    expect(answer).toMatchObject({
      scopes: granted('calendar.read'),
      uniqueId: 'alice',
      state: 'invoice 7',
    })
    await expect.poll(() => popup.isClosed()).toBe(true)
    expect(await app.requests()).toMatchObject({ discovery: 1, authorization: 1, token: 1 })
    expect((await app.asks(['calendar.read'])).answer?.fromCache).toBe(true)
  },
)

for (const coop of ['same-origin', 'same-origin-allow-popups', 'noopener-allow-popups']) {
  story(
    `The popup works although the provider removes the opener (COOP ${coop})`,
    async ({ app }) => {
      await app.idp.control.changeSettings({ crossOriginOpenerPolicy: coop })
      await app.starts()
      const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
      await expect(popup.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
      // This is longer than any watch for a closed popup waits, and the request goes on.
      await app.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 2500)))
      await signInAtProvider(popup, 'Alice Adams')
      await allowAtProvider(popup)
      expect((await outcome).answer?.account.name).toBe('Alice Adams')
      await expect.poll(() => popup.isClosed()).toBe(true)
    },
  )
}

story(
  'A click opens the page of the provider although the server of the app is down',
  async ({ app }) => {
    await app.starts()
    await expect.poll(async () => (await app.requests()).discovery).toBe(1) // The idle page fetches the document.
    await app.page.route('**/assets/**', (route) => route.abort())
    const { popup } = await app.opensPopupBy('signIn', { interaction: 'popup' })
    await expect(popup.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
  },
)

story('The user cancels at the provider', async ({ app }) => {
  await app.starts()
  const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
  await cancelAtProvider(popup)
  expect((await outcome).error).toMatchObject({ code: 'access_denied' })
  await expect.poll(() => popup.isClosed()).toBe(true)
})

story('A blocked popup rejects at once, and the next click works', async ({ app }) => {
  await app.starts()
  const first = await app.page.evaluate(async () => {
    const { open } = window
    window.open = () => null
    const failed = await window.auth.acquireTokenPopup({}).catch(window.seen)
    window.open = open
    return failed
  })
  expect(first).toMatchObject({ code: 'popup_blocked' })
  const { popup, outcome } = await app.opensPopupBy('acquireTokenPopup', {})
  await signInAtProvider(popup, 'Alice Adams')
  await allowAtProvider(popup)
  expect((await outcome).answer?.uniqueId).toBe('alice')
})

story('A forged message of another page is ignored', async ({ app }) => {
  await app.starts()
  const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
  await expect(popup.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
  const state = await stateOfPending(app.page)
  await app.page.evaluate((stolen) => {
    const shout = (parameters: string) => {
      new BroadcastChannel(`carnet|answer|${stolen}`).postMessage({ carnet: 'answer', parameters })
      window.postMessage({ carnet: 'answer', parameters }, location.origin)
    }
    shout('code=forged&state=other')
    shout('garbage')
    window.postMessage('noise')
  }, state)
  await signInAtProvider(popup, 'Alice Adams')
  await allowAtProvider(popup)
  expect((await outcome).answer?.uniqueId).toBe('alice')
})

story('A forged code with the right `state` is not redeemed', async ({ app }) => {
  await app.starts()
  const { popup, outcome } = await app.opensPopupBy('signIn', { interaction: 'popup' })
  await expect(popup.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
  const state = await stateOfPending(app.page)
  await app.page.evaluate(
    ([stolen, iss]) => {
      const parameters = new URLSearchParams({ code: 'forged', state: stolen, iss }).toString()
      new BroadcastChannel(`carnet|answer|${stolen}`).postMessage({
        carnet: 'answer',
        parameters,
      })
    },
    [state, app.idp.issuer] as const,
  )
  expect((await outcome).error).toMatchObject({ code: 'token_request_failed' })
  expect(await app.page.evaluate(() => window.auth.accounts.length)).toBe(0)
})
