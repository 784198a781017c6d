import type { App } from '../../steps/app.ts'
import { startCopies, toldOf } from '../../steps/copies.ts'
import { expect, story } from '../../world.ts'

const SCOPES = ['calendar.read']

const answers = (app: App, set: Record<string, string | null>) =>
  app.idp.control.addFault({
    endpoint: 'authorization',
    fault: { kind: 'authorizationResponse', set },
  })

story.beforeEach(async ({ app }) => {
  await app.idp.control.changeSettings({ consent: 'skip', signInAs: 'alice' })
})

story(
  'The response of another service, with a code and a state, stays in the address',
  async ({ app }) => {
    await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', { responseMode: 'query' })
    for (const response of ['?code=ac_123&state=user-42', '#error=denied&state=user-42']) {
      await app.page.goto(app.world.bareUrl + response)
      const { answer } = await app.starts({ responseMode: 'query' })
      expect(answer?.username).toBe('alice@example.com')
      expect(app.page.url()).toContain(response)
    }
  },
)

const unusable: readonly [what: string, response: Record<string, string | null>, says: RegExp][] = [
  ['without `state`', { state: null }, /no `state`/],
  [
    'with an error without `state`',
    { state: null, code: null, error: 'server_error' },
    /server_error/,
  ],
  ['with neither code nor error', { code: null }, /neither/],
  ['with tokens', { code: null, access_token: 's3cret', id_token: 's3cret' }, /tokens/],
]

for (const [what, authorizationResponse, says] of unusable) {
  story(
    `The provider responds to a redirect ${what}: the app gets an error, and the address is clean`,
    async ({ app }) => {
      await answers(app, authorizationResponse)
      await app.starts()
      await app.leavesBy('signIn', { scopes: SCOPES })
      await app.page.waitForURL(
        ({ href }) => href.startsWith(app.world.bareUrl) && /[#?]/.test(href),
      )
      const { error } = await app.starts()
      expect(error).toMatchObject({ code: 'unusable_response' })
      expect(error?.message).toMatch(says)
      expect(JSON.stringify(error)).not.toContain('s3cret')
      expect(app.page.url()).toBe(app.world.bareUrl)
      // The page still works.
      expect((await app.starts()).error).toBeUndefined()
    },
  )

  story(
    `The provider responds to a popup ${what}: the popup closes, and the app gets an error`,
    async ({ app }) => {
      await answers(app, authorizationResponse)
      await app.starts()
      const { popup, outcome } = await app.opensPopupBy('signIn', {
        interaction: 'popup',
        scopes: SCOPES,
      })
      const { error } = await outcome
      expect(error).toMatchObject({ code: 'unusable_response' })
      expect(error?.message).toMatch(says)
      await expect.poll(() => popup.isClosed()).toBe(true)
    },
  )
}

story(
  'The response of a popup has the state of another request: the app gets an error',
  async ({ app }) => {
    await answers(app, { state: 'abc' })
    await app.starts()
    const { outcome } = await app.opensPopupBy('signIn', { interaction: 'popup', scopes: SCOPES })
    expect((await outcome).error).toMatchObject({ code: 'unusable_response' })
  },
)

story('A page without a pending request changes no address', async ({ app }) => {
  await app.page.goto(`${app.world.bareUrl}?code=voucher`)
  expect((await app.starts()).error).toBeUndefined()
  expect(app.page.url()).toContain('?code=voucher')
})

story('Tokens leave the address before the first `await`', async ({ app }) => {
  await answers(app, { code: null, state: null, access_token: 's3cret', id_token: 's3cret' })
  await app.starts()
  await app.leavesBy('signIn', { scopes: SCOPES })
  await app.page.waitForURL(/#.*access_token=/)
  const seen = await app.page.evaluate(() => {
    const options = { clientId: 'spa', authority: window.authority }
    const starting = window.carnet.createAuthClient(options).catch(window.seen)
    const then = location.href
    return starting.then((outcome) => ({ then, outcome: JSON.stringify(outcome) }))
  })
  expect(seen.then).toBe(app.world.bareUrl)
  expect(seen.outcome).toContain('unusable_response')
  expect(seen.outcome).not.toContain('s3cret')
})

for (const [what, authorizationResponse, says] of unusable)
  story(
    `The bare page gets a redirect ${what}: the page that started it gets an error`,
    async ({ app, world }) => {
      await answers(app, authorizationResponse)
      const options = { redirectUri: '/callback.html' }
      await app.page.goto(`${world.bareUrl}invoices/7`)
      await app.starts(options)
      await app.leavesBy('signIn', { scopes: SCOPES })
      await app.page.waitForURL(/#.*unusable=/)
      expect(app.page.url()).not.toContain('s3cret')
      const { error } = await app.starts(options)
      expect(error).toMatchObject({ code: 'unusable_response' })
      expect(error?.message).toMatch(says)
      expect(app.page.url()).toBe(`${world.bareUrl}invoices/7`)
    },
  )

story(
  'The bare page forwards the response of another service to the app',
  async ({ app, world }) => {
    await app.starts({ redirectUri: '/callback.html' })
    await app.page.goto(`${world.bareUrl}callback.html?code=ac_123&state=user-42`)
    await app.page.waitForURL(/#.*user-42/)
    expect((await app.starts({ redirectUri: '/callback.html' })).error).toBeUndefined()
    expect(app.page.url()).toContain('code=ac_123&state=user-42')
  },
)

/** Responses that match no pending popup. */
const inPopup: typeof unusable = [
  ...unusable,
  ['with the state of another service', { state: 'abc' }, /another request/],
  [
    'with the state of another request of Carnet',
    { state: 'carnet-12345678-p.other' },
    /another request/,
  ],
]

for (const path of ['callback.html', 'no-bundler/copies.html'])
  for (const [what, authorizationResponse, says] of inPopup)
    story(
      `A popup without an opener returns to /${path} ${what}: it closes, and the app gets an error`,
      async ({ page, app, world }) => {
        await app.idp.control.changeSettings({ crossOriginOpenerPolicy: 'same-origin' })
        // The sign-in page cuts the opener. Without consent, no other page of the provider appears.
        await app.idp.control.changeSettings({ signInAs: null })
        await answers(app, authorizationResponse)
        await startCopies(page, world, [{ copy: 'script' }])
        await toldOf(page)
        const opening = page.waitForEvent('popup')
        const outcome = page.evaluate(async (redirectUri) => {
          const { createAuthClient, isAuthError } = window.Carnet
          const meta = document.querySelector<HTMLMetaElement>('meta[name=carnet-authority]')
          const authority = meta?.content ?? ''
          const auth = await createAuthClient({ clientId: 'spa', authority, redirectUri })
          const failure = await auth.signIn({ interaction: 'popup' }).catch((error) => error)
          return isAuthError(failure)
            ? { code: failure.code, message: failure.message }
            : { code: 'not ours', message: String(failure) }
        }, `/${path}`)
        const popup = await opening
        await popup.getByRole('button', { name: 'Continue as Alice Adams' }).click()
        const error = await outcome
        expect(error).toMatchObject({ code: 'unusable_response' })
        expect(error.message).toMatch(says)
        await expect.poll(() => popup.isClosed()).toBe(true)
      },
    )

for (const coop of [null, 'same-origin'])
  story(
    `A popup that returns without parameters closes, and the app gets an error (COOP ${coop})`,
    async ({ page, app, world }) => {
      await app.idp.control.changeSettings({ crossOriginOpenerPolicy: coop, signInAs: null })
      await startCopies(page, world, [{ copy: 'script' }])
      await toldOf(page)
      const opening = page.waitForEvent('popup')
      const outcome = page.evaluate(() =>
        window.clients.script?.signIn({ interaction: 'popup' }).catch((error) => error.code),
      )
      const popup = await opening
      await expect(popup.getByRole('button', { name: 'Cancel' })).toBeVisible()
      await popup.evaluate((url) => location.assign(url), `${world.bareUrl}no-bundler/copies.html`)
      expect(await outcome).toBe('unusable_response')
      await expect.poll(() => popup.isClosed()).toBe(true)
    },
  )

for (const path of ['callback.html', 'no-bundler/copies.html'])
  story(
    `A sign-out popup that returns to /${path} without its state closes`,
    async ({ page, app, world }) => {
      const postLogoutRedirectUris = [world.bareUrl + path]
      const redirectUris = [`${world.bareUrl}no-bundler/copies.html`]
      await app.idp.control.addClient({ clientId: 'leaver', redirectUris, postLogoutRedirectUris })
      const options = { clientId: 'leaver' }
      await startCopies(page, world, [{ copy: 'script', signsIn: true, options }])
      await page.waitForFunction(() => window.isSettled && window.told[0]?.username !== undefined)
      await app.idp.control.addFault({
        endpoint: 'end_session',
        fault: { kind: 'respond', status: 303, headers: { location: world.bareUrl + path } },
      })
      const opening = page.waitForEvent('popup')
      const ending = page.evaluate(
        (postLogoutRedirectUri) =>
          window.clients.script?.signOut({ interaction: 'popup', postLogoutRedirectUri }),
        `/${path}`,
      )
      const popup = await opening
      await ending
      await expect.poll(() => popup.isClosed()).toBe(true)
      expect(await page.evaluate(() => window.clients.script?.accounts.length)).toBe(0)
    },
  )

story('Each copy of the library reports an unusable response', async ({ page, app, world }) => {
  await answers(app, { state: null })
  await startCopies(page, world, [{ copy: 'script' }, { copy: 'module' }])
  await toldOf(page)
  await page.evaluate(() => void window.clients.script?.signIn({ scopes: ['calendar.read'] }))
  await page.waitForFunction(() => window.isSettled && window.told[0]?.code !== undefined)
  expect((await toldOf(page)).map(({ code }) => code)).toEqual(Array(2).fill('unusable_response'))
  expect(new URL(page.url()).hash).toBe('')
})

story('A cancelled sign-in is over when the app starts again', async ({ app }) => {
  await app.idp.control.changeSettings({ signInAs: null })
  await app.starts()
  await app.leavesBy('signIn', { scopes: SCOPES })
  await expect(app.page.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
  await app.page.goto(app.world.bareUrl)
  await app.starts()
  const isNoted = () => app.page.evaluate(() => sessionStorage.getItem('carnet|waits') !== null)
  await expect.poll(isNoted).toBe(false)
  await app.page.goto(`${app.world.bareUrl}?code=voucher`)
  expect((await app.starts()).error).toBeUndefined()
  expect(app.page.url()).toContain('?code=voucher')
})
