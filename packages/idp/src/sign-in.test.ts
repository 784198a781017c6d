import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { answerOf, scopesOf, startApp } from './testing/app.ts'
import { createBrowser } from './testing/browser.ts'

let app: Awaited<ReturnType<typeof startApp>>
beforeAll(async () => {
  app = await startApp()
})
beforeEach(() => app.control.reset())
afterAll(() => app.close())

test('a sign-in goes from password and consent to code, tokens and API', async () => {
  const browser = app.browser()
  const signIn = await browser.visit(app.authorizationUrl({ scope: 'openid email calendar.read' }))
  expect(signIn.text).toContain('<title>Sign in</title>')

  const consent = await browser.press(signIn, {
    action: 'sign-in',
    username: 'Alice@example.com',
    password: 'password',
  })
  expect(scopesOf(consent)).toEqual(['calendar.read'])

  const back = await browser.press(consent, { action: 'allow', scope: 'calendar.read' })
  const { code, ...answer } = answerOf(back)
  expect(answer).toEqual({ state: 'some-state', iss: app.issuer })

  const { status, body } = await app.redeem(code ?? '')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    token_type: 'Bearer',
    expires_in: 3600,
    scope: 'openid email calendar.read',
    refresh_token: expect.any(String),
  })
  expect(decodeJwt(body.id_token ?? '')).toMatchObject({
    iss: app.issuer,
    aud: 'spa',
    sub: 'alice',
    email: 'alice@example.com',
    email_verified: true,
    nonce: 'some-nonce',
    sid: expect.any(String),
  })
  expect(decodeJwt(body.access_token ?? '')).toMatchObject({
    aud: `${app.issuer}/api`,
    sub: 'alice',
  })

  const events = await app.api('calendar/events', body.access_token)
  expect(events.status).toBe(200)
  expect(JSON.stringify(await events.json())).toContain('alice')
})

test('signInAs signs in without a page, except if the request requires a page', async () => {
  await app.control.changeSettings({ consent: 'skip', signInAs: 'bob' })
  const browser = app.browser()
  expect(answerOf(await browser.visit(app.authorizationUrl({}))).code).toBeDefined()
  const again = await browser.visit(app.authorizationUrl({ prompt: 'login' }))
  expect(again.text).toContain('<title>Sign in</title>')
  const other = await app.browser().visit(app.authorizationUrl({ prompt: 'none' }))
  expect(answerOf(other).error).toBe('login_required')
})

test('after a wrong password, the page shows an error and the escaped user name', async () => {
  const browser = app.browser()
  const signIn = await browser.visit(app.authorizationUrl({}))
  const again = await browser.press(signIn, {
    action: 'sign-in',
    username: '"><script>',
    password: 'wrong',
  })
  expect(again.text).toContain('role="alert"')
  expect(again.text).toContain('value="&#34;&#62;&#60;script&#62;"')
  expect(again.text).not.toContain('<script>')
})

test('cancel and deny both return access_denied', async () => {
  const browser = app.browser()
  const signIn = await browser.visit(app.authorizationUrl({ response_mode: 'fragment' }))
  const cancelled = await browser.press(signIn, { action: 'cancel' })
  expect(cancelled.url).toContain('#')
  expect(answerOf(cancelled)).toMatchObject({ error: 'access_denied', state: 'some-state' })

  const consent = await browser.press(await browser.visit(app.authorizationUrl({})), {
    action: 'continue',
    account: 'alice',
  })
  const denied = await browser.press(consent, { action: 'deny' })
  expect(answerOf(denied)).toMatchObject({ error: 'access_denied', iss: app.issuer })
})

test('a declined scope is omitted with prompt=none, and asked for again otherwise', async () => {
  const browser = app.browser()
  const scope = 'openid calendar.read mail.read'
  const signIn = await browser.visit(app.authorizationUrl({ scope }))
  const consent = await browser.press(signIn, { action: 'continue', account: 'alice' })
  expect(scopesOf(consent)).toEqual(['calendar.read', 'mail.read'])
  const back = await browser.press(consent, { action: 'allow', scope: 'mail.read' })
  const { body } = await app.redeem(answerOf(back).code ?? '')
  expect(body.scope).toBe('openid mail.read')
  expect((await app.api('calendar/events', body.access_token)).status).toBe(403)

  const silent = await browser.visit(app.authorizationUrl({ scope, prompt: 'none' }))
  expect((await app.redeem(answerOf(silent).code ?? '')).body.scope).toBe('openid mail.read')

  const asked = await browser.visit(app.authorizationUrl({ scope }))
  expect(scopesOf(asked)).toEqual(['calendar.read'])
  const allowed = await browser.press(asked, { action: 'allow', scope: 'calendar.read' })
  expect((await app.redeem(answerOf(allowed).code ?? '')).body.scope).toBe(scope)
})

test('consent is recorded by user and client, until it is deleted', async () => {
  await app.signIn({ scope: 'openid calendar.read' })
  const browser = app.browser()
  const more = await browser.visit(
    app.authorizationUrl({ scope: 'openid calendar.read mail.read' }),
  )
  const asked = await browser.press(more, { action: 'continue', account: 'alice' })
  expect(scopesOf(asked)).toEqual(['mail.read'])

  await app.control.forgetGrants({ username: 'bob' })
  expect(answerOf(await browser.visit(app.authorizationUrl({ scope: 'openid' })))).toHaveProperty(
    'code',
  )
  await app.control.forgetGrants({ username: 'alice' })
  const forgotten = await browser.visit(app.authorizationUrl({ scope: 'openid', prompt: 'none' }))
  expect(answerOf(forgotten).error).toBe('consent_required')
})

test('prompt=none needs a session of the hinted user', async () => {
  const browser = app.browser()
  const silently = async (parameters: Record<string, string> = {}) =>
    answerOf(await browser.visit(app.authorizationUrl({ prompt: 'none', ...parameters })))

  expect(await silently()).toMatchObject({ error: 'login_required', iss: app.issuer })
  await app.signIn({}, { browser })
  expect(await silently()).toHaveProperty('code')
  expect(await silently({ login_hint: 'alice@example.com' })).toHaveProperty('code')
  expect(await silently({ login_hint: 'bob' })).toMatchObject({ error: 'login_required' })

  await app.control.endSessions({ username: 'bob' })
  expect(await silently()).toHaveProperty('code')
  await app.control.endSessions({ username: 'alice' })
  expect(await silently()).toMatchObject({ error: 'login_required' })
})

test('login_hint fills in the user name', async () => {
  const page = await app.browser().visit(app.authorizationUrl({ login_hint: 'bob@example.com' }))
  expect(page.text).toContain('value="bob@example.com"')
})

test('prompt=login and max_age require a new sign-in, which updates auth_time', async () => {
  const browser = app.browser()
  await app.signIn({}, { browser })
  for (const parameters of [{ prompt: 'login' }, { max_age: '0' }]) {
    const page = await browser.visit(app.authorizationUrl(parameters))
    expect(page.text).toContain('<title>Sign in</title>')
  }
  const tokens = await app.signIn({ max_age: '100' }, { browser })
  expect(decodeJwt(tokens.id_token ?? '').auth_time).toEqual(expect.any(Number))
})

test('the account picker offers the users of this browser', async () => {
  await app.control.changeSettings({ consent: 'skip' })
  const browser = app.browser()
  const pick = () => browser.visit(app.authorizationUrl({ prompt: 'select_account' }))
  const subOf = async (page: Awaited<ReturnType<typeof pick>>) =>
    decodeJwt((await app.redeem(answerOf(page).code ?? '')).body.id_token ?? '').sub

  expect((await pick()).text).toContain('<title>Sign in</title>')
  const alice = await app.signIn({ prompt: 'select_account' }, { browser })
  const picker = await pick()
  expect(picker.text).toContain('Alice Adams')
  expect(picker.text).not.toContain('Bob Brown')
  expect(await subOf(await browser.press(picker, { action: 'choose', account: 'alice' }))).toBe(
    'alice',
  )

  const another = await browser.press(await pick(), { action: 'another' })
  expect(await subOf(await browser.press(another, { action: 'continue', account: 'bob' }))).toBe(
    'bob',
  )
  expect(
    await subOf(await browser.press(await pick(), { action: 'choose', account: 'alice' })),
  ).toBe('alice')
  // A switch of accounts ends the session of the first user, but not the tokens of the app.
  expect((await app.refresh(alice.refresh_token)).status).toBe(200)
})

test('the headers of pages forbid caching, framing and scripts, and follow the settings', async () => {
  await app.control.changeSettings({ crossOriginOpenerPolicy: 'same-origin' })
  const { headers } = await app.browser().visit(app.authorizationUrl({}))
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('x-frame-options')).toBe('DENY')
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
  expect(headers.get('content-security-policy')).not.toContain('form-action')

  await app.control.changeSettings({ frameOptions: null })
  const wrong = await app
    .browser()
    .visit(app.authorizationUrl({ redirect_uri: 'http://evil.test/' }))
  expect(wrong.status).toBe(400)
  expect(wrong.text).toContain('invalid_redirect_uri')
  expect(wrong.headers.has('x-frame-options')).toBe(false)
})

for (const engine of ['chromium', 'webkit'] as const) {
  test(`cookies of the provider work over http with the rules of ${engine}`, async () => {
    const browser = createBrowser(app.issuer, engine)
    const { id_token } = await app.signIn({ scope: 'openid' }, { browser })
    expect(decodeJwt(id_token ?? '').sub).toBe('alice')
    const again = await browser.visit(app.authorizationUrl({ scope: 'openid', prompt: 'none' }))
    expect(answerOf(again).code).toBeDefined()
    const picker = await browser.visit(app.authorizationUrl({ prompt: 'select_account' }))
    expect(picker.text).toContain('alice@example.com')

    await browser.visit(`${app.issuer}/session/end?id_token_hint=${id_token}`)
    const after = await browser.visit(app.authorizationUrl({ prompt: 'none' }))
    expect(answerOf(after).error).toBe('login_required')
  })
}

test('over http each cross-site cookie is set with Secure and without Secure', async () => {
  const response = await fetch(app.authorizationUrl({}), { redirect: 'manual' })
  const cookies = response.headers.getSetCookie()
  const secure = cookies.filter((cookie) => /; secure/i.test(cookie))
  expect(secure.length).toBeGreaterThan(0)
  expect(cookies.filter((cookie) => !secure.includes(cookie))).toEqual(
    secure.map((cookie) => cookie.replace(/; secure/i, '')),
  )
  for (const cookie of cookies) expect(cookie).toMatch(/; samesite=none(; secure)?; httponly/i)
})
