import { createHash } from 'node:crypto'
import type { UserChallenge } from '@carnet/browser'
import {
  aliceWithApis,
  callsApi,
  keepsChallenges,
  resourcesOf,
} from '../../steps/apis/api-calls.ts'
import type { App } from '../../steps/app.ts'
import { signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

story('A call gets the token of the map, and no other URL gets a token', async ({ app }) => {
  await aliceWithApis(app)
  const sent = await callsApi(app, '/api/echo', { method: 'POST', body: 'hello' })
  expect(sent).toMatchObject({
    status: 200,
    body: { method: 'POST', scheme: 'Bearer', sub: 'alice', sha256: sha256('hello') },
  })
  expect((await callsApi(app, '/api/public/echo')).body).toMatchObject({ scheme: null })
  const own = await callsApi(app, '/api/echo', { headers: { authorization: 'Bearer own' } })
  expect(own.status).toBe(401)
  expect((await app.requests()).token).toBe(0)
  const found = await app.page.evaluate(
    (issuer) => [
      window.auth.resourceFor(`${issuer}/api/echo`).attached,
      window.auth.resourceFor(`${issuer}/api/public/echo`).reason,
      window.auth.resourceFor(`${issuer}/other`).reason,
    ],
    app.idp.issuer,
  )
  expect(found).toEqual([true, 'excluded', 'no_key'])
})

story('A revoked token is renewed once for all calls, with their bodies', async ({ app }) => {
  await aliceWithApis(app)
  await app.idp.control.revokeAccessTokens()
  const bodies = Array.from({ length: 20 }, (_, index) => `body ${index}`)
  const sent = await Promise.all(
    bodies.map((body) => callsApi(app, '/api/echo', { method: 'PUT', body })),
  )
  expect(sent.map(({ body }) => body?.sha256)).toEqual(bodies.map(sha256))
  expect((await app.requests()).token).toBe(1)
  // The same path is refused again after another revocation, and renewed again.
  await app.idp.control.revokeAccessTokens()
  expect((await callsApi(app, '/api/echo', { method: 'PUT', body: 'x' })).status).toBe(200)
  expect((await app.requests()).token).toBe(2)
})

story('A claims challenge in each encoding is answered by a refresh', async ({ app }) => {
  await aliceWithApis(app)
  for (const [index, encoding] of ['base64', 'base64url', 'json'].entries()) {
    const claims = JSON.stringify({
      access_token: { acrs: { essential: true, value: `c${index}` } },
    })
    const path = `/api/claims?encoding=${encoding}&claims=${encodeURIComponent(claims)}`
    const sent = await callsApi(app, path)
    expect(sent).toMatchObject({ status: 200, body: { sub: 'alice', acrs: [`c${index}`] } })
    // The new token replaces the old: the next call is not challenged.
    expect((await callsApi(app, path)).status).toBe(200)
    expect((await app.requests()).token).toBe(index + 1)
  }
})

story('A step-up needs the user, and the app decides how', async ({ app }) => {
  await aliceWithApis(app)
  const refused = await callsApi(app, '/api/step-up')
  expect(refused.error).toMatchObject({ code: 'interaction_required' })
  const asked = await app.page.evaluate(async (url) => {
    const error = await window.auth.fetch(url).catch((failure) => failure)
    return error.request.extraParameters
  }, `${app.idp.issuer}/api/step-up`)
  expect(asked).toEqual({ acr_values: 'mfa' })

  const opening = app.page.waitForEvent('popup')
  const sending = callsApi(app, '/api/step-up', {
    method: 'POST',
    body: 'order',
    carnet: { interaction: 'popup' },
  })
  const popup = await opening
  await popup.getByRole('button', { name: 'Approve' }).click()
  expect(await sending).toMatchObject({
    status: 200,
    body: { acr: 'mfa', sha256: sha256('order') },
  })
  expect((await callsApi(app, '/api/step-up')).status).toBe(200)
})

/** Calls the step-up API five times, and decides about the challenge. */
const decides = (app: App, decision: 'refuse' | 'signOut') =>
  app.page.evaluate(
    async ([url, how]) => {
      const { asked } = window
      asked.length = 0
      const calls = Array.from({ length: 5 }, () =>
        window.auth.fetch(url).catch((error) => window.seen(error).code),
      )
      while (asked.length === 0) await new Promise((next) => setTimeout(next, 10))
      if (how === 'refuse') asked[0]?.refuse()
      else await window.auth.signOut({ interaction: 'none' })
      const { kind, acrValues, scopes } = asked[0] as UserChallenge
      return { codes: await Promise.all(calls), count: asked.length, kind, acrValues, scopes }
    },
    [`${app.idp.issuer}/api/step-up`, decision] as const,
  )

story(
  'Calls that fail alike ask the app once, and a refusal or a sign-out ends them',
  async ({ app }) => {
    await aliceWithApis(app)
    await keepsChallenges(app)
    const about = { count: 1, kind: 'step_up', acrValues: ['mfa'], scopes: ['calendar.read'] }
    const five = (code: string) => Array.from({ length: 5 }, () => code)
    expect(await decides(app, 'refuse')).toEqual({ ...about, codes: five('user_cancelled') })
    expect(await decides(app, 'signOut')).toEqual({ ...about, codes: five('account_not_found') })
  },
)

story('A challenge ends when every call that waits for it was aborted', async ({ app }) => {
  await aliceWithApis(app)
  await keepsChallenges(app)
  const seen = await app.page.evaluate(async (url) => {
    const { asked } = window
    const isAsked = async (count: number) => {
      while (asked.length < count) await new Promise((next) => setTimeout(next, 10))
    }
    const call = (signal?: AbortSignal) =>
      window.auth
        .fetch(url, { signal: signal ?? null })
        .catch((error) => window.seen(error).code || error.name)
    const [one, two] = [new AbortController(), new AbortController()]
    const aborted = [call(one.signal), call(two.signal)]
    await isAsked(1)
    one.abort()
    const states = [asked[0]?.ended.aborted]
    two.abort()
    const names = await Promise.all(aborted)
    await new Promise((next) => setTimeout(next))
    states.push(asked[0]?.ended.aborted)
    // The next call asks again.
    const later = call()
    await isAsked(2)
    states.push(asked[1]?.ended.aborted)
    asked[1]?.refuse()
    return { names, states, code: await later, after: asked[1]?.ended.aborted }
  }, `${app.idp.issuer}/api/step-up`)
  expect(seen).toEqual({
    names: ['AbortError', 'AbortError'],
    states: [false, true, false],
    code: 'user_cancelled',
    after: true,
  })
})

story('A resumable call continues once after the redirect', async ({ app }) => {
  await aliceWithApis(app)
  const orders = (path: string, length = 0) =>
    app.page.evaluate(
      ([target, extra]) => {
        const carnet = { interaction: 'redirect', resumable: 'order' } as const
        const body = `two tickets${' '.repeat(extra)}`
        window.left = window.auth
          .fetch(target, { method: 'POST', body, carnet })
          .then(() => undefined, window.seen)
      },
      [`${app.idp.issuer}${path}`, length] as const,
    )
  const returns = async (options = {}) => {
    await app.page.waitForURL(/state=/)
    await app.starts({ ...resourcesOf(app), ...options })
  }
  // A call that is too large to be stored does not leave the page.
  await orders('/api/step-up', 65_536)
  expect(await app.page.evaluate(() => window.left)).toMatchObject({ code: 'resumable_too_large' })

  await orders('/api/step-up')
  await app.page.getByRole('button', { name: 'Approve' }).click()
  await returns()
  const resumed = () =>
    app.page.evaluate(async () => {
      const calls: unknown[] = []
      await window.auth.resumable('order', async ({ request, idempotencyKey }) => {
        const response = await window.auth.fetch(request)
        calls.push({ sha256: (await response.json()).sha256, isKey: idempotencyKey.length > 20 })
      })
      return calls
    })
  expect(await resumed()).toEqual([{ sha256: sha256('two tickets'), isKey: true }])
  expect(await resumed()).toEqual([])

  // The call expires with the redirect.
  await orders('/api/step-up?max_age=0')
  await signInAtProvider(app.page, 'Alice Adams')
  await returns({ clockAheadMs: 3_700_000 })
  expect(await resumed()).toEqual([])
})

story('A request in `pagehide` carries the token', async ({ app }) => {
  const scopes = ['calendar.read', 'calendar.write']
  const options = { renewal: { enabled: false }, resources: { [`${app.idp.issuer}/api/`]: scopes } }
  await app.isSignedIn({ scopes }, 'Alice Adams', options)
  expect((await callsApi(app, '/api/calendar/events')).status).toBe(200)
  await app.page.evaluate((url) => {
    addEventListener('pagehide', () => {
      const body = JSON.stringify({ title: 'the last event' })
      void window.auth.fetch(url, { method: 'POST', body, keepalive: true })
    })
  }, `${app.idp.issuer}/api/calendar/events`)
  await app.page.reload()
  await app.starts(options)
  await expect
    .poll(async () => JSON.stringify(await callsApi(app, '/api/calendar/events')))
    .toContain('the last event')
})
