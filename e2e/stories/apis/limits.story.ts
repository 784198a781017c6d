import { aliceWithApis, callsApi, keepsChallenges } from '../../steps/apis/api-calls.ts'
import type { App } from '../../steps/app.ts'
import { allowAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

declare global {
  interface Window {
    /** True if the headers of the response are there. */
    hasHeaders: boolean
  }
}

const refusal = (header: string, status = 401) =>
  ({ kind: 'respond', status, headers: { 'www-authenticate': header } }) as const

const ENDLESS = [
  ['token', 'Bearer error="invalid_token"'],
  ['claims', `Bearer error="insufficient_claims", claims="${btoa('{"access_token":{}}')}"`],
  ['scope', 'Bearer error="insufficient_scope", scope="calendar.read"'],
  ['step_up', 'Bearer error="insufficient_user_authentication", acr_values="pwd"'],
] as const

story('An API that always sends the same challenge ends with its response', async ({ app }) => {
  await aliceWithApis(app)
  await app.idp.control.changeSettings({ signInAs: 'alice' })
  for (const [kind, header] of ENDLESS) {
    await app.idp.control.clearFaults()
    await app.idp.control.addFault({ endpoint: 'api', count: 100, fault: refusal(header) })
    await app.idp.control.resetStats()
    for (let call = 0; call < 4; call++) {
      const { status, error } = await callsApi(app, `/api/echo?${kind}`)
      if (error) expect(error).toMatchObject({ code: 'interaction_required' })
      else expect(status).toBe(401)
    }
    const { api, token = 0 } = await app.requests()
    // Each call once, and the first call once more after its remedy.
    expect([kind, Number(api) <= 6, Number(token) <= 2]).toEqual([kind, true, true])
  }
})

story('An API that sends a new challenge each time gets at most four requests', async ({ app }) => {
  await aliceWithApis(app)
  for (let round = 0; round < 3; round++)
    for (const [, header] of ENDLESS)
      await app.idp.control.addFault({ endpoint: 'api', fault: refusal(header) })
  await callsApi(app, '/api/echo')
  const { api, token = 0 } = await app.requests()
  expect(api).toBeLessThanOrEqual(4)
  expect(token).toBeLessThanOrEqual(4)
})

/** Headers that no API should send. The same in each run. */
const GARBAGE = [
  ...['', ',', '=', '"', 'Bearer "', 'Bearer error', 'Bearer =x', 'Bearer error="', 'Bearer ,,,'],
  ...['Bearer error="insufficient_claims"', 'Bearer error="insufficient_claims", claims="%%%"'],
  'Bearer error="insufficient_claims", claims="W10="',
  `Bearer error="insufficient_claims", claims="${'A'.repeat(9000)}"`,
  'Bearer error="insufficient_user_authentication"',
  'Bearer error="insufficient_user_authentication", acr_values="\\"", max_age="-1"',
  `Bearer error="insufficient_user_authentication", acr_values="${'a '.repeat(60)}"`,
  ...['Bearer error="insufficient_scope"', 'Bearer error="insufficient_scope", scope="\\\\"'],
  ...['Bearer error="__proto__"', 'Bearer constructor=1', 'Basic realm="x"', 'Digest a=b, Bearer'],
  ...['bearer\terror=invalid_token', 'Bearer error=\u00ff\u00fe', 'DPoP', 'DPoP algs=""'],
]

story('Garbage challenges return the response, and cause no flood of requests', async ({ app }) => {
  await aliceWithApis(app)
  const errors: string[] = []
  app.page.on('pageerror', (error) => errors.push(`${error}`))
  for (const header of GARBAGE)
    for (const status of [401, 403]) {
      await app.idp.control.addFault({ endpoint: 'api', count: 2, fault: refusal(header, status) })
      expect([header, await callsApi(app, '/api/echo')]).toMatchObject([header, { status }])
      await app.idp.control.clearFaults()
    }
  // Without a readable challenge a 401 means a refused token. One renewal showed that a new token does not help.
  expect((await app.requests()).token).toBe(1)
  expect(errors).toEqual([])
  expect((await callsApi(app, '/api/echo')).status).toBe(200)
})

story('A declined scope is not asked for again', async ({ app }) => {
  await aliceWithApis(app)
  const path = '/api/echo?scope=mail.send'
  await app.idp.control.changeSettings({ consent: 'ask' })
  const opening = app.page.waitForEvent('popup')
  const sending = callsApi(app, path, { carnet: { interaction: 'popup' } })
  await allowAtProvider(await opening, ['Send mail in your name'])
  const declined = { code: 'interaction_required', reason: 'consent' }
  expect((await sending).error).toMatchObject(declined)
  await app.idp.control.resetStats()
  for (const interaction of ['popup', 'none'] as const)
    expect((await callsApi(app, path, { carnet: { interaction } })).error).toMatchObject(declined)
  const { authorization = 0, token = 0, api } = await app.requests()
  expect([authorization, token, api]).toEqual([0, 0, 2])
  expect(app.page.context().pages()).toHaveLength(1)
  expect((await callsApi(app, '/api/echo')).status).toBe(200)
})

/** Starts a call that a story aborts. `window.left` keeps the reason or the status. */
const begins = (app: App, path: string) =>
  app.page.evaluate((url) => {
    const aborting = new AbortController()
    window.cancel = () => aborting.abort('enough')
    const { signal } = aborting
    const outcome = window.auth
      .fetch(url, { signal })
      .then((response) => {
        window.hasHeaders = true
        return response.text()
      })
      .catch((error) => String(error))
    Object.assign(window, { left: outcome, hasHeaders: false })
  }, `${app.idp.issuer}${path}`)

const aborts = async (app: App) => {
  await app.page.evaluate(() => window.cancel())
  return app.page.evaluate(() => window.left as unknown)
}

const reaches = (app: App, endpoint: 'api' | 'token' | 'resource_metadata', count = 1) =>
  expect.poll(async () => (await app.requests())[endpoint], { intervals: [20] }).toBe(count)

story('An abort ends a call in each phase, and the next call works', async ({ app }) => {
  await aliceWithApis(app)
  const { control } = app.idp
  const goesOn = async () => {
    await control.clearFaults()
    expect((await callsApi(app, '/api/echo')).status).toBe(200)
    await control.resetStats()
  }
  // Before the call.
  const early = await app.page.evaluate(
    (url) => window.auth.fetch(url, { signal: AbortSignal.abort('early') }).catch(String),
    `${app.idp.issuer}/api/echo`,
  )
  expect(early).toBe('early')
  expect((await app.requests()).api ?? 0).toBe(0)

  // Before the token.
  await app.jumps(3_600_000)
  await control.addFault({ endpoint: 'token', fault: { kind: 'hang' } })
  await begins(app, '/api/echo')
  await reaches(app, 'token')
  expect(await aborts(app)).toBe('enough')
  await goesOn()

  // In the request.
  await control.addFault({ endpoint: 'api', fault: { kind: 'hang' } })
  await begins(app, '/api/echo')
  await reaches(app, 'api')
  expect(await aborts(app)).toBe('enough')
  await goesOn()

  // In the remedy. The renewal continues, and the next call uses its token.
  await control.revokeAccessTokens()
  await control.addFault({ endpoint: 'token', fault: { kind: 'hang' } })
  await begins(app, '/api/echo')
  await reaches(app, 'token')
  expect(await aborts(app)).toBe('enough')
  await control.clearFaults()
  expect((await callsApi(app, '/api/echo')).status).toBe(200)
  expect((await app.requests()).token).toBe(1)
  await goesOn()

  // In the repeated request.
  await control.revokeAccessTokens()
  await control.addFault({ endpoint: 'api', skip: 1, fault: { kind: 'hang' } })
  await begins(app, '/api/echo')
  await reaches(app, 'api', 2)
  expect(await aborts(app)).toBe('enough')
  await goesOn()

  // While the body of the response arrives.
  await control.addFault({ endpoint: 'api', fault: { kind: 'drip', bytesPerSecond: 1 } })
  await begins(app, '/api/echo')
  await expect.poll(() => app.page.evaluate(() => window.hasHeaders)).toBe(true)
  // In Chromium, the reader of a body does not get the reason, also with a plain `fetch`.
  expect(await aborts(app)).toMatch(/^(enough|AbortError)/)
  await goesOn()

  // While the user decides. The dialog stays for other calls.
  await keepsChallenges(app)
  await begins(app, '/api/step-up')
  await expect.poll(() => app.page.evaluate(() => window.asked.length)).toBe(1)
  expect(await aborts(app)).toBe('enough')
  await app.page.evaluate(() => window.asked[0]?.refuse())
  await goesOn()
})

story('A sign-out during a remedy ends the call, and no token stays', async ({ app }) => {
  await aliceWithApis(app)
  await app.idp.control.revokeAccessTokens()
  await app.idp.control.addFault({ endpoint: 'token', fault: { kind: 'hang' } })
  const sending = callsApi(app, '/api/echo')
  await reaches(app, 'token')
  const leaving = app.calls('signOut', { interaction: 'none' })
  await expect.poll(() => app.page.evaluate(() => window.auth.accounts.length)).toBe(0)
  await app.idp.control.clearFaults()
  await leaving
  const { error, status } = await sending
  expect([error?.code ?? status]).toEqual([expect.stringMatching(/account_not_found|interaction_/)])
  expect(await app.page.evaluate(() => window.auth.accounts)).toEqual([])
  expect((await callsApi(app, '/api/echo')).error).toMatchObject({ reason: 'no_account' })
  // The API saw the old token only.
  expect((await app.requests()).api).toBe(1)
})
