import { expect, servicesStory as story } from '../../services-world.ts'
import type { App } from '../../steps/app.ts'

/** Calls the API with a body. The call opens the popup if the user is needed. */
const orders = ({ page }: App, url: string, interaction: 'popup' | 'none', body: string) =>
  page.evaluate(
    async ([target, how, text]) => {
      const carnet = { interaction: how }
      const response = await window.auth
        .fetch(target, { method: 'POST', body: text, carnet })
        .catch(window.seen)
      return response instanceof Response
        ? { status: response.status, body: await response.json() }
        : { error: response }
    },
    [url, interaction, body] as const,
  )

const CAUSES = [
  ['a policy of the provider requires a second factor', { mfaRequired: true }],
  [
    'the other API requires an authentication context',
    { claimsChallenge: '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}' },
  ],
] as const

for (const [cause, settings] of CAUSES)
  story(
    `An API calls another API for its user; ${cause}, and the user steps up in the page`,
    async ({ app, world: { api, idp } }) => {
      const done = { status: 200, body: { name: 'Alice Adams', sent: 'first' } }
      expect(await orders(app, api.url, 'none', 'first')).toEqual(done)
      expect(api.statuses).toEqual([200])

      // Another assertion, as after the expiry of the token: the API has its token for Graph in memory.
      await app.asks([`${idp.api}/api.read`], { forceRefresh: true })
      await idp.control.changeSettings(settings)
      const refused = await orders(app, api.url, 'none', 'second')
      expect(refused).toMatchObject({ error: { code: 'interaction_required', reason: 'mfa' } })

      const opening = app.page.waitForEvent('popup')
      const sending = orders(app, api.url, 'popup', 'second')
      await (await opening).getByRole('button', { name: 'Approve' }).click()
      expect(await sending).toEqual({ status: 200, body: { name: 'Alice Adams', sent: 'second' } })
      expect(api.statuses).toEqual([200, 401, 401, 200])

      // The token of the step-up is the token of later calls.
      await idp.control.resetStats()
      expect(await orders(app, api.url, 'none', 'third')).toMatchObject({ status: 200 })
      expect((await app.requests()).token).toBeLessThanOrEqual(1)
      expect(api.statuses).toEqual([200, 401, 401, 200, 200])
    },
  )
