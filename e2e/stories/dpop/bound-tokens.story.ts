import { keysInDatabase, losesItsKeys } from '../../steps/apis/bound-calls.ts'
import { expect, story } from '../../world.ts'

const SCOPES = ['calendar.read']
const bound = { dpop: true, renewal: { enabled: false } } as const

/** Sends a refresh token from another machine: without a proof, because the key stays in the browser. */
async function redeemElsewhere(issuer: string, refreshToken: string) {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: 'spa',
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
    }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}

story(
  'A stolen access token and a stolen refresh token are refused without the key',
  async ({ app }) => {
    const { error } = await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', bound)
    expect(error).toBeUndefined()
    const { answer } = await app.asks(SCOPES)
    expect(answer).toMatchObject({ tokenType: 'DPoP', fromCache: true })

    const { issuer, control } = app.idp
    const { accessTokens, refreshTokens } = await control.issued()
    for (const scheme of ['Bearer', 'DPoP']) {
      const headers = { authorization: `${scheme} ${accessTokens.at(-1)}` }
      expect((await fetch(`${issuer}/api/calendar/events`, { headers })).status).toBe(401)
    }
    const stolen = await redeemElsewhere(issuer, refreshTokens.at(-1) ?? '')
    expect(stolen).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })

    const renewed = await app.asks(SCOPES, { forceRefresh: true })
    expect(renewed.answer).toMatchObject({ tokenType: 'DPoP', fromCache: false })
  },
)

for (const options of [bound, { ...bound, dpop: { key: 'worker' }, tokens: 'worker' }] as const)
  story(
    `The userinfo endpoint gets a proof of the ${'tokens' in options ? 'worker' : 'page'}, with its nonce`,
    async ({ app }) => {
      await app.idp.control.changeSettings({ authorizationServerNonces: 'once' })
      await app.isSignedIn({}, 'Alice Adams', options)
      for (let call = 0; call < 2; call++) {
        const { answer, error } = await app.calls('userInfo')
        expect(error).toBeUndefined()
        expect(answer).toMatchObject({ sub: 'alice' })
      }
    },
  )

story('No script can take the key away', async ({ app }) => {
  await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', bound)
  const keys = await keysInDatabase(app.page)
  expect(keys).toHaveLength(1)
  expect(keys[0]).toMatchObject({ isExported: false, asText: '{}' })

  await app.calls('signOut', { interaction: 'none' })
  expect(await keysInDatabase(app.page)).toEqual([])
})

story('Two accounts have different keys, and a reload keeps them', async ({ app }) => {
  await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', bound)
  await app.idp.control.endSessions()
  await app.isSignedIn({ scopes: SCOPES, prompt: 'login' }, 'Bob Brown', bound)
  expect(await keysInDatabase(app.page)).toHaveLength(2)
  await app.page.reload()
  await app.starts(bound)
  expect((await app.asks(SCOPES, { forceRefresh: true })).answer).toMatchObject({
    tokenType: 'DPoP',
  })
})

story('A lost key is a reason of its own', async ({ app }) => {
  await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', bound)
  await app.idp.control.endSessions()
  await losesItsKeys(app.page)
  await app.page.reload()
  await app.starts({ ...bound, silent: { iframe: false } })
  const { error } = await app.asks(SCOPES, { forceRefresh: true })
  expect(error).toMatchObject({ code: 'interaction_required', reason: 'key_lost' })
  // The bound access token was deleted too.
  expect((await app.asks(SCOPES)).error?.reason).toBe('no_tokens')
})

story(
  'A provider that burns refresh tokens loses none, over reloads and expired nonces',
  async ({ app }) => {
    await app.idp.control.changeSettings({
      authorizationServerNonces: 'required',
      burnsRefreshTokens: true,
      nonceLifetime: 1,
    })
    const { error } = await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', bound)
    expect(error).toBeUndefined()
    for (let round = 0; round < 3; round++) {
      await app.page.waitForTimeout(1200) // The nonce expires.
      await app.page.reload()
      await app.starts({ ...bound, silent: { iframe: false } })
      const { answer } = await app.asks(SCOPES, { forceRefresh: true })
      expect(answer).toMatchObject({ tokenType: 'DPoP', fromCache: false })
    }
  },
)

story('One-time nonces: parallel renewals all get their token', async ({ app }) => {
  await app.idp.control.changeSettings({ authorizationServerNonces: 'once' })
  await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', bound)
  for (let round = 0; round < 3; round++) {
    const results = await Promise.all([1, 2, 3].map(() => app.asks(SCOPES, { forceRefresh: true })))
    expect(results.map(({ error }) => error)).toEqual([undefined, undefined, undefined])
  }
})

story('A page whose clock is ten minutes off signs in and renews', async ({ app }) => {
  for (const clockAheadMs of [600_000, -600_000]) {
    const options = { ...bound, clockAheadMs, cache: { name: `clock${clockAheadMs}` } }
    const { error } = await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', options)
    expect(error).toBeUndefined()
    const { answer } = await app.asks(SCOPES, { forceRefresh: true })
    expect(answer).toMatchObject({ tokenType: 'DPoP', fromCache: false })
  }
})

story(
  'A bearer token is no answer to a proof, unless the app only prefers DPoP',
  async ({ app }) => {
    await app.idp.control.changeSettings({ dpop: 'off' })
    const refused = await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', bound)
    expect(refused.error).toMatchObject({ code: 'dpop_refused' })

    const prefers = { ...bound, dpop: 'prefer' } as const
    await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', prefers)
    expect((await app.asks(SCOPES)).answer).toMatchObject({ tokenType: 'Bearer', fromCache: true })
  },
)

story(
  'The provider hides its nonces, or refuses the header: the error says so',
  async ({ app }) => {
    await app.idp.control.changeSettings({
      authorizationServerNonces: 'required',
      exposedHeaders: null,
    })
    const { error } = await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', bound)
    expect(error).toMatchObject({ code: 'dpop_nonce_unreadable' })
  },
)

story(
  'Authorization requests are pushed: always, or where the provider requires it',
  async ({ app }) => {
    const urls: string[] = []
    app.page.on('request', (request) => urls.push(request.url()))
    await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', { ...bound, par: 'always' })
    const sent = urls.find((url) => url.startsWith(`${app.idp.issuer}/auth?`)) ?? ''
    expect([...new URL(sent).searchParams.keys()]).toEqual(['client_id', 'request_uri'])
    expect((await app.requests()).par).toBe(1)

    await app.idp.control.changeSettings({ requirePushedRequests: true })
    await app.calls('signOut', { interaction: 'none' })
    const required = await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', {
      cache: { name: 'par' },
    })
    expect(required.answer?.username).toBe('alice@example.com')
    expect((await app.requests()).par).toBe(2)
  },
)
