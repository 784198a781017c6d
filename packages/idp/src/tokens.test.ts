import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { answerOf, startApp } from './testing/app.ts'

let app: Awaited<ReturnType<typeof startApp>>
beforeAll(async () => {
  app = await startApp({ settings: { consent: 'skip' } })
})
beforeEach(() => app.control.reset())
afterAll(() => app.close())

test('refresh tokens rotate, and a replay ends the grant', async () => {
  const first = await app.signIn()
  const second = (await app.refresh(first.refresh_token)).body
  expect(second.refresh_token).not.toBe(first.refresh_token)
  expect(decodeJwt(second.id_token ?? '')).toMatchObject({ sub: 'alice', nonce: 'some-nonce' })
  const third = (await app.refresh(second.refresh_token)).body

  expect(await app.refresh(first.refresh_token)).toMatchObject({
    status: 400,
    body: { error: 'invalid_grant' },
  })
  expect(await app.refresh(third.refresh_token)).toMatchObject({ body: { error: 'invalid_grant' } })
})

test('in its grace period a rotated refresh token works, and its replay after it ends the grant', async () => {
  await app.control.changeSettings({ refreshTokenGrace: 60 })
  const first = await app.signIn()
  const lost = (await app.refresh(first.refresh_token)).body
  const again = (await app.refresh(first.refresh_token)).body
  expect(again.refresh_token).not.toBe(lost.refresh_token)
  expect((await app.refresh(again.refresh_token)).status).toBe(200)
  await app.control.changeSettings({ refreshTokenGrace: 0 })
  expect((await app.refresh(first.refresh_token)).body.error).toBe('invalid_grant')
  expect((await app.refresh(lost.refresh_token)).body.error).toBe('invalid_grant')
})

test('a replay in one browser does not end the grants of other sign-ins', async () => {
  const [here, there] = [await app.signIn(), await app.signIn()]
  await app.refresh(here.refresh_token)
  await app.refresh(here.refresh_token)
  expect((await app.refresh(there.refresh_token)).status).toBe(200)
})

test('two concurrent refreshes with one token: the second is a replay', async () => {
  const { refresh_token } = await app.signIn()
  const refreshes = async () => (await app.control.stats()).tokenGrants.refresh_token
  await app.control.addFault({ endpoint: 'token', count: 2, fault: { kind: 'hang' } })
  const both = Promise.all([app.refresh(refresh_token), app.refresh(refresh_token)])
  await expect.poll(refreshes, { timeout: 4000 }).toBe(2)
  await app.control.clearFaults()
  const answers = await both
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
  const winner = answers.find(({ status }) => status === 200)
  expect((await app.refresh(winner?.body.refresh_token)).body.error).toBe('invalid_grant')
})

test('without rotation a refresh token can be used again', async () => {
  await app.control.changeSettings({ rotateRefreshTokens: false, signedIdTokenOnRefresh: false })
  const tokens = await app.signIn()
  await app.refresh(tokens.refresh_token)
  const again = (await app.refresh(tokens.refresh_token)).body
  expect(again.refresh_token).toBe(tokens.refresh_token)
  expect(again).not.toHaveProperty('id_token')
})

test('a refresh can request fewer scopes, and the resource of the grant', async () => {
  const tokens = await app.signIn({ scope: 'openid calendar.read mail.read' })
  const fewer = (await app.refresh(tokens.refresh_token, { scope: 'mail.read' })).body
  expect(fewer.scope).toBe('mail.read')
  const all = (await app.refresh(fewer.refresh_token, { resource: `${app.issuer}/api` })).body
  expect(all.scope).toBe('openid calendar.read mail.read')
  const more = await app.refresh(all.refresh_token, { scope: 'mail.send' })
  expect(more).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
})

test('a resource limits the scopes and the audience, and unknown resources are refused', async () => {
  const scope = 'openid calendar.read mail.read unknown.scope'
  const tokens = await app.signIn({ scope, resource: `${app.issuer}/calendar` })
  expect(tokens.scope).toBe('openid calendar.read')
  expect(decodeJwt(tokens.access_token ?? '').aud).toBe(`${app.issuer}/calendar`)
  expect(decodeProtectedHeader(tokens.access_token ?? '')).toMatchObject({
    typ: 'at+jwt',
    alg: 'RS256',
  })

  const wrong = await app.browser().visit(app.authorizationUrl({ resource: 'https://other.test/' }))
  expect(answerOf(wrong)).toMatchObject({ error: 'invalid_target', state: 'some-state' })
})

test('without scopes of an API, the access token is for the userinfo endpoint', async () => {
  const tokens = await app.signIn({ scope: 'openid profile' })
  const headers = { authorization: `Bearer ${tokens.access_token}` }
  const response = await fetch(`${app.issuer}/me`, { headers })
  expect(await response.json()).toEqual({
    sub: 'alice',
    name: 'Alice Adams',
    preferred_username: 'alice@example.com',
  })
})

test('refresh tokens follow the setting', async () => {
  await app.control.changeSettings({ refreshTokens: 'never' })
  expect(await app.signIn()).not.toHaveProperty('refresh_token')

  await app.control.changeSettings({ refreshTokens: 'offline_access' })
  const scope = 'openid offline_access'
  expect(await app.signIn({ scope })).not.toHaveProperty('refresh_token')
  const tokens = await app.signIn({ scope, prompt: 'consent' })
  expect(tokens).toHaveProperty('refresh_token')
  expect((await app.refresh(tokens.refresh_token)).status).toBe(200)
})

test('lifetimes follow the settings', async () => {
  await app.control.changeSettings({ accessTokenLifetime: 7, idTokenLifetime: 9 })
  const tokens = await app.signIn({ scope: 'openid mail.read' })
  expect(tokens.expires_in).toBe(7)
  const lifetimeOf = (token = '') => {
    const { exp = 0, iat = 0 } = decodeJwt(token)
    return exp - iat
  }
  expect(lifetimeOf(tokens.access_token)).toBe(7)
  expect(lifetimeOf(tokens.id_token)).toBe(9)
})

test('a refresh token expires', async () => {
  await app.control.changeSettings({ refreshTokenLifetime: 3, rotateRefreshTokens: false })
  const { refresh_token } = await app.signIn()
  const status = async () => (await app.refresh(refresh_token)).status
  expect(await status()).toBe(200)
  await expect.poll(status, { timeout: 6000, interval: 200 }).toBe(400)
}, 10_000)

test('PKCE is required, and the provider checks the verifier', async () => {
  const without = { code_challenge: undefined, code_challenge_method: undefined }
  const refused = await app.browser().visit(app.authorizationUrl(without))
  expect(answerOf(refused).error).toBe('invalid_request')

  const browser = app.browser()
  const page = await browser.visit(app.authorizationUrl({}))
  const { code = '' } = answerOf(
    await browser.press(page, { action: 'continue', account: 'alice' }),
  )
  const wrong = await app.redeem(code, { code_verifier: 'x'.repeat(43) })
  expect(wrong).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
})

test('revocation and the control operation both end the refresh token', async () => {
  const revoked = await app.signIn()
  const token = revoked.refresh_token ?? ''
  expect((await app.post('/token/revocation', { token })).status).toBe(200)
  expect((await app.refresh(token)).body.error).toBe('invalid_grant')

  const [alice, bob] = [await app.signIn(), await app.signIn({}, { username: 'bob' })]
  expect(await app.control.revokeRefreshTokens({ username: 'alice' })).toEqual({ ended: 1 })
  expect((await app.refresh(alice.refresh_token)).body.error).toBe('invalid_grant')
  expect((await app.refresh(bob.refresh_token)).status).toBe(200)
})

test('the end of a session does not revoke refresh tokens', async () => {
  const tokens = await app.signIn()
  expect(await app.control.endSessions()).toEqual({ ended: 1 })
  expect((await app.refresh(tokens.refresh_token)).status).toBe(200)
})

test('the control operation lists all issued codes and tokens', async () => {
  const { access_token, id_token, refresh_token } = await app.signIn({ scope: 'openid mail.read' })
  expect(await app.control.issued()).toEqual({
    codes: [expect.any(String)],
    accessTokens: [access_token],
    refreshTokens: [refresh_token],
    idTokens: [id_token],
  })
})
