import type { App } from '../../steps/app.ts'
import { sendsTokenRequestsItself } from '../../steps/visible-requests.ts'
import { expect, story } from '../../world.ts'

const HOUR_MS = 3_600_000
const AUDIENCE = 'https://api.example.com'

story.use({ cookies: 'allowed' })

/**
 * Makes the provider use `audience`: access and refresh tokens are for the `audience` of their authorization request.
 */
async function tokensTellTheirAudience({ page }: App): Promise<void> {
  await sendsTokenRequestsItself(page)
  const byState = new Map<string, string>()
  const byCode = new Map<string, string>()
  page.on('request', (request) => {
    const { searchParams } = new URL(request.url())
    if (searchParams.get('response_type') === 'code')
      byState.set(searchParams.get('state') ?? '', searchParams.get('audience') ?? 'none')
  })
  page.on('response', (response) => {
    const to = response.headers().location ?? ''
    const answer = new URLSearchParams(to.slice(to.indexOf('#') + 1))
    const audience = byState.get(answer.get('state') ?? '')
    if (audience !== undefined) byCode.set(answer.get('code') ?? '', audience)
  })
  await page.route('**/token', async (route) => {
    const body = new URLSearchParams(route.request().postData() ?? '')
    const response = await route.fetch()
    const answer = await response.json()
    const audience = byCode.get(body.get('code') ?? '') ?? body.get('audience') ?? 'none'
    await route.fulfill({ response, json: { ...answer, access_token: `for:${audience}` } })
  })
}

for (const refreshTokens of ['always', 'never'] as const) {
  const how = refreshTokens === 'never' ? 'a hidden iframe' : 'a refresh'
  story(
    `The audience of the sign-in is repeated by ${how}, and after a reload`,
    async ({ app }) => {
      await tokensTellTheirAudience(app)
      await app.idp.control.changeSettings({ refreshTokens })
      await app.isSignedIn({ scopes: ['calendar.read'], extraParameters: { audience: AUDIENCE } })
      const plain = async (more = {}) =>
        (await app.asks(['calendar.read'], more)).answer?.accessToken
      expect(await plain()).toBe(`for:${AUDIENCE}`)
      expect(await plain({ forceRefresh: true })).toBe(`for:${AUDIENCE}`)
      await app.page.reload()
      await app.starts()
      const { answer } = await app.asks(['calendar.read'])
      expect(answer).toMatchObject({ fromCache: true, accessToken: `for:${AUDIENCE}` })
      await app.jumps(HOUR_MS)
      expect(await plain()).toBe(`for:${AUDIENCE}`)
    },
  )
}

story('A request for another audience never gets the token of the first one', async ({ app }) => {
  await tokensTellTheirAudience(app)
  await app.isSignedIn({ scopes: ['calendar.read'], extraParameters: { audience: AUDIENCE } })
  const ask = (audience?: string) =>
    app.asks(['calendar.read'], audience === undefined ? {} : { extraParameters: { audience } })
  const other = 'https://other.example.com'
  expect((await ask(other)).answer).toMatchObject({
    fromCache: false,
    accessToken: `for:${other}`,
  })
  expect((await ask(other)).answer?.fromCache).toBe(true)
  for (const known of [undefined, AUDIENCE])
    expect((await ask(known)).answer).toMatchObject({
      fromCache: true,
      accessToken: `for:${AUDIENCE}`,
    })
  // A parameter for the look of the pages changes no token.
  const { answer } = await app.asks(['calendar.read'], { extraParameters: { ui_locales: 'de' } })
  expect(answer?.fromCache).toBe(true)
})

story(
  'Token parameters reach the token endpoint, and are part of the cache key',
  async ({ app }) => {
    await sendsTokenRequestsItself(app.page)
    await app.isSignedIn({ scopes: ['calendar.read'] })
    const asking = app.page.waitForRequest('**/token')
    const wanted = { tokenParameters: { tenant: 'acme' } }
    const { answer } = await app.asks(['calendar.read'], wanted)
    expect(answer?.fromCache).toBe(false)
    expect(new URLSearchParams((await asking).postData() ?? '').get('tenant')).toBe('acme')
    const plain = await app.asks(['calendar.read'])
    expect(plain.answer?.fromCache).toBe(true)
    expect(plain.answer?.accessToken).not.toBe(answer?.accessToken)
    expect((await app.asks(['calendar.read'], wanted)).answer?.accessToken).toBe(
      answer?.accessToken,
    )
  },
)

story(
  'Incremental consent and hidden iframes repeat the claims of the sign-in',
  async ({ app }) => {
    await app.idp.control.changeSettings({ consent: 'skip' })
    await app.isSignedIn({ scopes: ['email', 'calendar.read'] })
    const email = () => app.page.evaluate(() => window.auth.activeAccount?.idTokenClaims.email)
    expect(await email()).toBe('alice@example.com')

    const { outcome } = await app.opensPopupBy('acquireTokenPopup', { scopes: ['mail.read'] })
    expect((await outcome).answer?.idTokenClaims.email).toBe('alice@example.com')
    await app.idp.control.revokeRefreshTokens()
    const framed = app.page.waitForRequest(/prompt=none/)
    await app.asks(['calendar.read'], { forceRefresh: true })
    const sent = new URL((await framed).url()).searchParams
    expect(sent.get('scope')).toContain('email')
    // The hint names the session for the provider.
    expect(sent.get('id_token_hint')?.split('.')).toHaveLength(3)
    expect(await email()).toBe('alice@example.com')
  },
)

story('A provider that refuses the hint gets a second request without it', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'] })
  await app.idp.control.revokeRefreshTokens()
  await app.idp.control.addFault({
    endpoint: 'authorization',
    fault: {
      kind: 'authorizationResponse',
      set: { code: null, error: 'invalid_request', error_description: 'id_token_hint' },
    },
  })
  expect((await app.asks(['calendar.read'], { forceRefresh: true })).answer?.fromCache).toBe(false)
})

story('The cache serves `maxAgeMs` only while the sign-in is recent enough', async ({ app }) => {
  await app.isSignedIn({ scopes: ['calendar.read'], maxAgeMs: 3_600_000 })
  const ask = (maxAgeMs: number) => app.asks(['calendar.read'], { maxAgeMs })
  expect((await ask(600_000)).answer?.fromCache).toBe(true)
  await app.jumps(20 * 60_000)
  expect((await ask(3_600_000)).answer?.fromCache).toBe(true)
  // The session at the provider is equally old, so the user must sign in again.
  await app.idp.control.endSessions()
  expect((await ask(600_000)).error).toMatchObject({ code: 'interaction_required' })
})
