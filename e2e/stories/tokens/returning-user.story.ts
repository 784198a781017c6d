import { granted } from '../../steps/granted.ts'
import { expect, story } from '../../world.ts'

const HOUR_MS = 3_600_000

story('Alice is signed in after a reload, without a request to the provider', async ({ app }) => {
  await app.signsIn('Alice Adams', { scopes: ['calendar.read'] })
  await app.idp.control.resetStats()
  await app.page.reload()

  const { answer } = await app.starts()
  expect(answer?.username).toBe('alice@example.com')
  const token = await app.asks(['calendar.read'])
  expect(token.answer).toMatchObject({ fromCache: true, scopes: granted('calendar.read') })
  const { discovery, authorization, token: tokens } = await app.requests()
  expect({ discovery, authorization, tokens }).toEqual({
    discovery: 0,
    authorization: 0,
    tokens: 0,
  })
})

story('The API accepts the token from the cache', async ({ app }) => {
  await app.signsIn('Alice Adams', { scopes: ['calendar.read'] })
  await app.page.reload()
  await app.starts()
  const { answer } = await app.asks(['calendar.read'])
  const status = await app.page.evaluate(async (token) => {
    const url = `${window.authority}/api/calendar/events`
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
    return response.status
  }, answer?.accessToken)
  expect(status).toBe(200)
})

story('Concurrent calls refresh an expired token once', async ({ app }) => {
  await app.signsIn('Alice Adams', { scopes: ['calendar.read'] })
  await app.idp.control.resetStats()
  await app.jumps(HOUR_MS)

  const answers = await app.page.evaluate(() =>
    Promise.all(
      Array.from({ length: 50 }, () =>
        window.auth.acquireTokenSilent({ scopes: ['calendar.read'] }),
      ),
    ),
  )
  expect(new Set(answers.map(({ accessToken }) => accessToken)).size).toBe(1)
  expect(answers[0]?.fromCache).toBe(false)
  expect(await app.requests()).toMatchObject({ token: 1, refresh_token: 1, discovery: 0 })

  const again = await app.asks(['calendar.read'])
  expect(again.answer?.fromCache).toBe(true)
})

story('A declined scope does not cause a refresh at every call', async ({ app }) => {
  await app.starts()
  await app.leavesBy('signIn', { scopes: ['calendar.read', 'mail.read'] })
  const { allowAtProvider, signInAtProvider } = await import('../../steps/provider-pages.ts')
  await signInAtProvider(app.page, 'Carol Clark')
  await allowAtProvider(app.page, ['Read your mail'])
  await app.returnsTo()
  await app.starts()
  await app.idp.control.resetStats()

  for (let call = 0; call < 3; call++) {
    const { answer } = await app.asks(['calendar.read', 'mail.read'])
    expect(answer).toMatchObject({
      fromCache: true,
      scopes: granted('calendar.read'),
      declinedScopes: ['mail.read'],
    })
  }
  expect((await app.requests()).token).toBe(0)

  await app.starts({ clockAheadMs: HOUR_MS })
  const renewed = await app.asks(['calendar.read', 'mail.read'])
  expect(renewed.answer).toMatchObject({ fromCache: false, declinedScopes: ['mail.read'] })
})

story('Without a refresh token the error names the reason for the interaction', async ({ app }) => {
  const options = { silent: { iframe: false } }
  await app.signsIn('Alice Adams', { scopes: ['calendar.read'] }, options)
  await app.idp.control.revokeRefreshTokens({})
  await app.jumps(HOUR_MS)

  const { error } = await app.asks(['calendar.read'])
  expect(error).toMatchObject({
    name: 'InteractionRequiredError',
    code: 'interaction_required',
    reason: 'login',
    oauth: { error: 'invalid_grant' },
  })
  const second = await app.asks(['calendar.read'])
  expect(second.error).toMatchObject({ reason: 'no_tokens' })
  expect((await app.requests()).refresh_token).toBe(1)
  const accounts = await app.page.evaluate(() => window.auth.accounts.length)
  expect(accounts).toBe(1)
})

story('Without an account a silent call rejects at once', async ({ app }) => {
  await app.starts()
  const { error } = await app.asks(['calendar.read'])
  expect(error).toMatchObject({ code: 'interaction_required', reason: 'no_account' })
})
