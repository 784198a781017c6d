import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { answerOf } from '../../testing/app.ts'
import { claimsOf, clientInfoOf, startEntraApp } from '../../testing/entra-app.ts'

let app: Awaited<ReturnType<typeof startEntraApp>>
beforeAll(async () => {
  app = await startEntraApp()
})
beforeEach(() => app.control.reset())
afterAll(() => app.close())

test('one refresh token works for every resource with consent', async () => {
  const agent = app.browser()
  const { refresh_token } = await app.signIn({}, { agent })
  const scope = `${app.api}/api.read`
  expect((await app.refresh(refresh_token, { scope })).body).toMatchObject({
    error: 'invalid_grant',
    error_codes: [65001],
    suberror: 'consent_required',
  })

  await app.walk({ scope: `openid ${scope}` }, { agent })
  const api = await app.refresh(refresh_token, { scope: `openid offline_access ${scope}` })
  expect(api.body).toMatchObject({ scope })
  expect(claimsOf(api.body.access_token)).toMatchObject({ aud: app.api, scp: 'api.read' })
  const graph = await app.refresh(api.body.refresh_token, { scope: 'openid User.Read' })
  expect(graph.body.scope).toBe('openid profile User.Read email')
})

test('a token contains all scopes of its resource with consent', async () => {
  const agent = app.browser()
  await app.signIn({}, { agent })
  const more = await app.signIn({ scope: 'openid offline_access Mail.Read' }, { agent })
  expect(more.scope).toBe('openid profile User.Read Mail.Read email')
  const all = await app.refresh(more.refresh_token, {
    scope: 'https://graph.microsoft.com/.default',
  })
  expect(claimsOf(all.body.access_token).scp).toContain('User.Read Mail.Read')
})

test('prompt=none does not record consent', async () => {
  const agent = app.browser()
  await app.walk({}, { agent })
  const url = app.authorizationUrl({ prompt: 'none', scope: 'openid Mail.Read' })
  expect(answerOf(await agent.visit(url))).toMatchObject({
    error: 'consent_required',
    suberror: 'consent_required',
    error_description: expect.stringContaining('AADSTS65001'),
  })
})

test('all refresh tokens of a sign-in expire together', async () => {
  await app.control.changeSettings({ spaRefreshTokenLifetime: 1 })
  const first = await app.signIn()
  const second = await app.refresh(first.refresh_token)
  expect(second.status).toBe(200)
  const end = async () => (await app.refresh(second.body.refresh_token)).body
  await expect.poll(end, { timeout: 5000 }).toMatchObject({
    error: 'invalid_grant',
    error_codes: [700084],
    suberror: 'bad_token',
    error_description: expect.stringContaining('limited lifetime of 0.00:00:01'),
  })
  await app.control.changeSettings({ spaRefreshTokenLifetime: 86_400 })
  expect((await app.refresh(second.body.refresh_token)).status).toBe(200)
})

test('a rotated token still works, unless the setting refuses reuse', async () => {
  const { refresh_token } = await app.signIn()
  await app.refresh(refresh_token)
  expect((await app.refresh(refresh_token)).status).toBe(200)
  await app.control.changeSettings({ refreshTokenReuse: 'refused' })
  expect((await app.refresh(refresh_token)).body.error_codes).toEqual([70000])
})

test('revoked tokens get their own error, and tokens of other users still work', async () => {
  const [alice, bob] = [await app.signIn(), await app.signIn({}, { username: 'bob' })]
  expect(await app.control.revokeRefreshTokens({ username: 'alice' })).toEqual({ ended: 1 })
  expect((await app.refresh(alice.refresh_token)).body).toMatchObject({
    error: 'invalid_grant',
    error_codes: [50173],
    suberror: 'bad_token',
  })
  expect((await app.refresh(bob.refresh_token)).status).toBe(200)
})

test('the user presents a required second factor on a page', async () => {
  const agent = app.browser()
  const { refresh_token } = await app.signIn({}, { agent })
  await app.control.changeSettings({ mfaRequired: true })
  const { body } = await app.refresh(refresh_token)
  expect(body).toMatchObject({
    error: 'interaction_required',
    error_codes: [50076],
    suberror: 'basic_action',
    claims: expect.stringContaining('capolids'),
  })

  const parameters = { claims: body.claims }
  const silent = app.authorizationUrl({ ...parameters, prompt: 'none' })
  expect(answerOf(await agent.visit(silent)).suberror).toBe('basic_action')
  const page = await app.walk(parameters, { agent })
  expect(page.text).toContain('Verify that it is you')
  const answer = answerOf(await agent.press(page, { action: 'approve' }))
  const tokens = (await app.redeem(answer.code)).body
  expect((await app.refresh(tokens.refresh_token)).status).toBe(200)
})

test('a refresh token of the home tenant works for guest tenants', async () => {
  const agent = app.browser()
  const atHome = await app.signIn({}, { agent, tenant: 'guest', username: 'carol' })
  await app.walk({}, { agent, tenant: 'home' })
  const { body } = await app.refresh(atHome.refresh_token, {}, 'home')
  expect(claimsOf(body.id_token).tid).toBe(app.tenants.home.id)
  expect(clientInfoOf(body)).toEqual(clientInfoOf(atHome))
  const alice = await app.signIn()
  expect((await app.refresh(alice.refresh_token, {}, 'guest')).body.error_codes).toEqual([50020])
})
