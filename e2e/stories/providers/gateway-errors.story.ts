import type { FaultRequest } from '@carnet/idp'
import type { App } from '../../steps/app.ts'
import { sendsTokenRequestsItself } from '../../steps/visible-requests.ts'
import { expect, inPageOnly, story } from '../../world.ts'

const SCOPES = ['calendar.read']
const HOUR_MS = 3_600_000
const SECONDS_MS = 2500

const PAGE = '<!doctype html><h1>Not here</h1>'
const asPage = { 'content-type': 'text/html' }

/** The responses of gateways to a refresh with a dead refresh token. */
const gateways: readonly [what: string, fault: FaultRequest['fault'], code: string][] = [
  [
    'omits the CORS headers',
    {
      kind: 'respond',
      status: 400,
      headers: { 'access-control-allow-origin': 'https://nobody.example' },
      body: { error: 'invalid_grant' },
    },
    'network_error',
  ],
  [
    'responds with a page',
    { kind: 'respond', status: 200, headers: asPage, body: PAGE },
    'intermediary_answered',
  ],
  [
    'responds with 404',
    { kind: 'respond', status: 404, headers: asPage, body: PAGE },
    'intermediary_answered',
  ],
  ['responds with 500', { kind: 'respond', status: 500, body: '' }, 'server_error'],
]

/** The outcome of four calls within seconds. */
async function asksOften(app: App): Promise<string[]> {
  const outcomes: string[] = []
  for (let call = 0; call < 4; call++) {
    const { error } = await app.asks(SCOPES)
    outcomes.push(error?.reason ?? error?.code ?? 'token')
    await app.jumps(SECONDS_MS)
  }
  return outcomes
}

for (const [what, fault, code] of gateways) {
  story(
    `Alice's session has ended and the gateway ${what}: she must sign in again`,
    async ({ app }) => {
      await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', { silent: { iframe: false } })
      await app.jumps(HOUR_MS)
      await app.idp.control.revokeRefreshTokens()
      await app.idp.control.addFault({ endpoint: 'token', count: 99, fault })

      const outcomes = await asksOften(app)
      expect(outcomes[0]).toBe(code)
      expect(outcomes.at(-1)).toBe('login')

      await app.idp.control.clearFaults()
      const { outcome } = await app.opensPopupBy('acquireTokenPopup', { scopes: SCOPES })
      expect((await outcome).answer?.uniqueId).toBe('alice')
    },
  )
}

story('The diagnosis of the token endpoint survives a reload', inPageOnly, async ({ app }) => {
  const options = { silent: { iframe: false } }
  await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', options)
  const fault = { kind: 'respond', status: 404, headers: asPage, body: PAGE } as const
  await app.idp.control.addFault({ endpoint: 'token', count: 99, fault })
  for (const [reload, expected] of [
    'intermediary_answered',
    'intermediary_answered',
    'login',
  ].entries()) {
    await app.page.reload()
    await app.starts({ ...options, clockAheadMs: HOUR_MS + reload * SECONDS_MS })
    const { error } = await app.asks(SCOPES)
    expect(error?.reason ?? error?.code).toBe(expected)
  }
  // The gateway works again, and the refresh token is still stored.
  await app.idp.control.clearFaults()
  await app.jumps(20_000)
  expect((await app.asks(SCOPES)).answer?.fromCache).toBe(false)
})

story(
  'The client finds the new address of a token endpoint that moved',
  inPageOnly,
  async ({ app }) => {
    await sendsTokenRequestsItself(app.page)
    await app.isSignedIn({ scopes: SCOPES })
    await app.jumps(HOUR_MS)
    // The stored document names the old address, where a gateway now responds with a page.
    const moved = `${app.idp.issuer}/moved/token`
    const { token_endpoint: old } = await (
      await fetch(`${app.idp.issuer}/.well-known/openid-configuration`)
    ).json()
    await app.idp.control.changeSettings({ discovery: { token_endpoint: moved } })
    await app.page.route(old, async (route) =>
      route.fulfill({ status: 404, contentType: 'text/html', body: PAGE }),
    )
    const asked: string[] = []
    await app.page.route(moved, async (route) => {
      asked.push(route.request().postData() ?? '')
      const answer = await fetch(old, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          origin: new URL(app.world.bareUrl).origin,
        },
        body: route.request().postData() ?? '',
      })
      await route.fulfill({ status: answer.status, json: await answer.json() })
    })
    expect((await app.asks(SCOPES)).answer?.fromCache).toBe(false)
    expect(asked).toHaveLength(1)
    await app.jumps(HOUR_MS)
    expect((await app.asks(SCOPES)).answer?.fromCache).toBe(false)
    expect(asked).toHaveLength(2)
  },
)

story('A failing token endpoint has no effect while the token is valid', async ({ app }) => {
  await app.isSignedIn({ scopes: SCOPES })
  const fault = { kind: 'respond', status: 404, headers: asPage, body: PAGE } as const
  await app.idp.control.addFault({ endpoint: 'token', count: 99, fault })
  for (let call = 0; call < 5; call++) {
    const { error } = await app.asks(SCOPES, { forceRefresh: true })
    expect(error?.code).toBe('intermediary_answered')
    expect((await app.asks(SCOPES)).answer?.fromCache).toBe(true)
    await app.jumps(SECONDS_MS)
  }
})

story.describe('where hidden iframes work', () => {
  story.use({ cookies: 'allowed' })

  story('the hidden iframe replaces the refresh token behind a broken gateway', async ({ app }) => {
    await app.isSignedIn({ scopes: SCOPES })
    await app.jumps(HOUR_MS)
    // Only refreshes fail, because the gateway sends no CORS headers for them.
    const headers = { 'access-control-allow-origin': 'https://nobody.example' }
    const fault = { kind: 'respond', status: 400, headers, body: '' } as const
    await app.idp.control.addFault({ endpoint: 'token', count: 4, fault })
    // Three refreshes, and one request that checks whether the endpoint responds.
    expect(await asksOften(app)).toEqual(['network_error', 'network_error', 'token', 'token'])
  })
})
