import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { answerOf } from '../../testing/app.ts'
import { createBrowser } from '../../testing/browser.ts'
import { claimsOf, clientInfoOf, startEntraApp } from '../../testing/entra-app.ts'

let app: Awaited<ReturnType<typeof startEntraApp>>
beforeAll(async () => {
  app = await startEntraApp()
})
beforeEach(() => app.control.reset())
afterAll(() => app.close())

test('a member gets code, client_info and session_state, and then tokens', async () => {
  const answer = answerOf(await app.walk())
  const { oid, sid } = claimsOf((await app.redeem(answer.code)).body.id_token)
  expect(answer).toMatchObject({ state: 'some-state', session_state: sid })
  expect(answer).not.toHaveProperty('iss')
  expect(clientInfoOf(answer)).toEqual({ uid: oid, utid: app.tenants.home.id })
})

test('the ID token has the claims of Entra', async () => {
  const { client_info = '', id_token } = await app.signIn()
  const claims = claimsOf(id_token)
  expect(claims).toMatchObject({
    iss: `${app.origin}/${app.tenants.home.id}/v2.0`,
    aud: 'spa',
    ver: '2.0',
    tid: app.tenants.home.id,
    name: 'Alice Adams',
    preferred_username: 'alice@contoso.example',
    nonce: 'some-nonce',
    sub: expect.stringMatching(/^[\w-]{43}$/),
    login_hint: expect.stringMatching(/^O\./),
    uti: expect.any(String),
    rh: expect.any(String),
  })
  expect(clientInfoOf({ client_info }).uid).toBe(claims.oid)
})

test('a guest has another oid in the tenant, and the same client_info', async () => {
  const atHome = await app.signIn({}, { tenant: 'common', username: 'carol' })
  const asGuest = await app.signIn({}, { tenant: 'home', username: 'carol' })
  expect(claimsOf(atHome.id_token).tid).toBe(app.tenants.guest.id)
  expect(claimsOf(asGuest.id_token).tid).toBe(app.tenants.home.id)
  expect(claimsOf(asGuest.id_token).oid).not.toBe(claimsOf(atHome.id_token).oid)
  expect(clientInfoOf(asGuest)).toEqual({
    uid: claimsOf(atHome.id_token).oid,
    utid: app.tenants.guest.id,
  })
})

test('a user of another tenant gets an error', async () => {
  const agent = app.browser()
  const page = await agent.visit(app.authorizationUrl({}, 'guest'))
  expect(page.text).not.toContain('Continue as Alice')
  const again = await agent.press(page, { action: 'continue', account: 'alice' })
  expect(again.text).toContain('AADSTS50020')
})

test('a second sign-in needs a page only with prompt=login or select_account', async () => {
  const agent = app.browser()
  await app.walk({}, { agent })
  expect(answerOf(await agent.visit(app.authorizationUrl()))).toHaveProperty('code')
  expect((await agent.visit(app.authorizationUrl({ prompt: 'login' }))).text).toContain(
    '<h1>Sign in',
  )
  const picker = await agent.visit(app.authorizationUrl({ prompt: 'select_account' }))
  expect(picker.text).toContain('Choose an account')
  expect(
    answerOf(await agent.press(picker, { action: 'choose', account: 'alice' })),
  ).toHaveProperty('code')
})

test('a hint selects one of several accounts', async () => {
  const agent = app.browser()
  const { id_token } = await app.signIn({}, { agent })
  await app.walk({ prompt: 'login' }, { agent, username: 'bob' })
  const { login_hint, sid } = claimsOf(id_token)

  const silent = (parameters: Record<string, string>) =>
    agent.visit(app.authorizationUrl({ prompt: 'none', ...parameters })).then(answerOf)
  expect((await silent({})).error_description).toMatch(/^AADSTS16000: /)
  for (const hint of [
    { login_hint: String(login_hint) },
    { login_hint: 'alice' },
    { sid: String(sid) },
  ]) {
    expect((await silent(hint)).session_state).toBe(sid)
  }
})

test.each([
  [{}, 'login_required', 50058],
  [{ sid: 'nobody' }, 'interaction_required', 160021],
])('prompt=none without a session: %o', async (parameters, error, code) => {
  const agent = app.browser()
  const answer = answerOf(
    await agent.visit(app.authorizationUrl({ prompt: 'none', ...parameters })),
  )
  expect(answer).toMatchObject({
    error,
    error_description: expect.stringMatching(
      new RegExp(
        `^AADSTS${code}: .* Trace ID: [\\w-]{36} Correlation ID: [\\w-]{36} Timestamp: .*Z$`,
      ),
    ),
    error_uri: `${app.origin}/error?code=${code}`,
    state: 'some-state',
  })
})

test('the user can decline consent', async () => {
  const agent = app.browser()
  const page = await agent.visit(app.authorizationUrl())
  const consent = await agent.press(page, { action: 'continue', account: 'alice' })
  expect(consent.text).toContain('Sign you in and read your profile')
  expect(consent.text).not.toContain('type="checkbox"')
  expect(answerOf(await agent.press(consent, { action: 'deny' }))).toMatchObject({
    error: 'access_denied',
    error_subcode: 'cancel',
    error_description: expect.stringContaining('AADSTS65004'),
  })
})

test('a scope that needs admin consent ends at a page', async () => {
  const agent = app.browser()
  const page = await app.walk({ scope: 'openid Directory.Read.All' }, { agent })
  expect(page.text).toContain('Need admin approval')
  const back = await agent.press(page, { action: 'cancel' })
  expect(answerOf(back).error_description).toContain('AADSTS90094')

  const silent = app.authorizationUrl({ prompt: 'none', scope: 'openid Directory.Read.All' })
  expect(answerOf(await agent.visit(silent)).error_description).toContain('AADSTS90094')
  const { refresh_token } = await app.signIn()
  const { body } = await app.refresh(refresh_token, { scope: 'Directory.Read.All' })
  expect(body).toMatchObject({ error: 'invalid_grant', error_codes: [90094] })
})

test.each([
  [{ code_challenge: undefined }, 'invalid_request', 9002325],
  [{ response_type: 'token' }, 'unsupported_response_type', 700051],
  [{ scope: 'api://nobody/read' }, 'invalid_resource', 500011],
  [{ scope: 'User.Write.Nothing' }, 'invalid_client', 650053],
  [{ scope: 'User.Read https://graph.microsoft.com/.default' }, 'invalid_scope', 70011],
  [{ claims: 'no JSON' }, 'invalid_request', 90023],
])('%o is refused', async (parameters, error, code) => {
  const answer = answerOf(await app.browser().visit(app.authorizationUrl(parameters)))
  expect(answer).toMatchObject({
    error,
    error_description: expect.stringMatching(new RegExp(`^AADSTS${code}: `)),
  })
})

test('the provider never redirects to an unregistered redirect URI', async () => {
  const url = app.authorizationUrl({ redirect_uri: 'http://evil.test/' })
  const page = await app.browser().visit(url)
  expect(page.url).toBe(url)
  expect(page.text).toContain('AADSTS50011')
})

test('one consent page can cover two resources', async () => {
  const agent = app.browser()
  await app.walk({ scope: `openid offline_access User.Read ${app.api}/api.read` }, { agent })
  const only = app.authorizationUrl({ prompt: 'none', scope: `openid ${app.api}/api.read` })
  expect(answerOf(await agent.visit(only))).toHaveProperty('code')
})

test('faults change the authorization response with and without pages', async () => {
  const fault = {
    kind: 'authorizationResponse',
    set: { state: 'forged', session_state: null },
  } as const
  await app.control.addFault({ endpoint: 'authorization', fault })
  const answer = answerOf(await app.walk())
  expect(answer.state).toBe('forged')
  expect(answer).not.toHaveProperty('session_state')
})

for (const engine of ['chromium', 'webkit'] as const) {
  test(`a session works over http with the cookie rules of ${engine}`, async () => {
    const agent = createBrowser(app.origin, engine)
    await app.walk({}, { agent })
    const again = await agent.visit(app.authorizationUrl({ prompt: 'none' }))
    expect(answerOf(again)).toHaveProperty('code')
  })
}
