import type { App } from '../steps/app.ts'
import { expect, story } from '../world.ts'

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
  'Another service brings its user back with a code and a state: its response stays',
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
    `The provider answers a redirect ${what}: the app is told, and the address is clean`,
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
      // The page works on.
      expect((await app.starts()).error).toBeUndefined()
    },
  )

  story(
    `The provider answers a popup ${what}: the popup closes, and the app is told`,
    async ({ app }) => {
      await answers(app, authorizationResponse)
      await app.starts()
      const { popup, outcome } = await app.opensWindowBy('signIn', {
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

story('A popup comes back with the state of another request: the app is told', async ({ app }) => {
  await answers(app, { state: 'abc' })
  await app.starts()
  const { outcome } = await app.opensWindowBy('signIn', { interaction: 'popup', scopes: SCOPES })
  expect((await outcome).error).toMatchObject({ code: 'unusable_response' })
})

story('A page that waits for no response leaves every address as it is', async ({ app }) => {
  await app.page.goto(`${app.world.bareUrl}?code=voucher`)
  expect((await app.starts()).error).toBeUndefined()
  expect(app.page.url()).toContain('?code=voucher')
})
