import { type EntraWorld, expect, entraStory as story } from '../../entra-world.ts'
import type { App } from '../../steps/app.ts'
import { byPopup } from '../../steps/entra.ts'
import { allowAtProvider } from '../../steps/provider-pages.ts'

const apiRead = ({ idp }: EntraWorld) => `${idp.api}/api.read`
const MANAGEMENT = 'https://management.core.windows.net/'

/** The outcome of `acquireTokens` by popup: the scopes of each token, or the error. */
const asksForAll = ({ page }: App, scopes: readonly string[], more: object = {}) =>
  page.evaluate(
    ([asked, rest]) =>
      window.auth.acquireTokens({ scopes: asked, interaction: 'popup', ...rest }).then(
        (results) => ({ granted: results.map((result) => result.scopes), error: undefined }),
        (error) => ({
          granted: undefined,
          error: { ...window.seen(error), request: error.request },
        }),
      ),
    [scopes, more] as const,
  )

story(
  '`.default` beside another API uses one popup, and the error names the remaining request',
  async ({ app, world }) => {
    await byPopup(app, 'Alice Adams', { scopes: ['User.Read'] })
    const scopes = [`${MANAGEMENT}/.default`, 'User.Read', apiRead(world)]
    const opening = app.page.waitForEvent('popup')
    const answering = asksForAll(app, scopes)
    await allowAtProvider(await opening)
    const { error } = await answering
    expect(error).toMatchObject({ code: 'interaction_required', reason: 'consent' })
    expect(error?.request.scopes).toEqual([`${MANAGEMENT}/.default`])
    expect((await app.asks([apiRead(world)])).answer?.fromCache).toBe(true)

    const { popup, outcome } = await app.opensPopupBy('acquireTokenPopup', {
      scopes: [`${MANAGEMENT}/.default`],
    })
    await allowAtProvider(popup)
    expect((await outcome).error).toBeUndefined()
    expect((await asksForAll(app, scopes)).granted).toHaveLength(3)
  },
)

story(
  'An impossible request is refused before a popup opens, also without an account',
  async ({ app, world }) => {
    await app.starts()
    // Before the engine loads, a click opens its popup first. The popup closes again.
    await app.page.evaluate(() => window.auth.consent.entries().catch(() => undefined))
    const windows: unknown[] = []
    app.page.on('popup', (popup) => windows.push(popup))
    const twoResources = { scopes: ['User.Read', apiRead(world)] }
    const mixed = { scopes: ['User.Read'], extraScopesToConsent: [`${MANAGEMENT}/.default`] }
    const malformed = { scopes: ['User.Read'], extraScopesToConsent: ['https://api.example/'] }
    const calls = [
      app.calls('acquireTokenSilent', twoResources),
      app.calls('acquireToken', { ...twoResources, interaction: 'popup' }),
      app.calls('acquireTokenPopup', twoResources),
      app.calls('acquireTokenRedirect', twoResources),
      app.calls('ssoSilent', twoResources),
      ...[mixed, malformed].flatMap((request) => [
        app.calls('acquireTokenPopup', request),
        app.calls('signIn', request),
      ]),
    ]
    for (const { error } of await Promise.all(calls))
      expect(error).toMatchObject({ code: 'invalid_request' })
    expect(windows).toEqual([])
    expect(await app.requests()).toMatchObject({ authorization: 0, token: 0 })
  },
)
