import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { answerOf } from '../../testing/app.ts'
import { claimsOf, startEntraApp } from '../../testing/entra-app.ts'

let app: Awaited<ReturnType<typeof startEntraApp>>
beforeAll(async () => {
  app = await startEntraApp({ settings: { consent: 'skip' } })
})
beforeEach(() => app.control.reset())
afterAll(() => app.close())

const management = 'https://management.core.windows.net//user_impersonation'

test('the token response has the format of Entra', async () => {
  expect(await app.signIn()).toEqual({
    token_type: 'Bearer',
    scope: 'openid profile User.Read email',
    expires_in: 3600,
    ext_expires_in: 3600,
    access_token: expect.any(String),
    refresh_token: expect.any(String),
    refresh_token_expires_in: 86_400,
    id_token: expect.any(String),
    client_info: expect.any(String),
  })
})

test.each([
  ['user.read', '00000003-0000-0000-c000-000000000000', 'openid profile User.Read email'],
  [
    'https://graph.microsoft.com/User.Read',
    '00000003-0000-0000-c000-000000000000',
    'openid profile https://graph.microsoft.com/User.Read email',
  ],
  [management, 'https://management.core.windows.net/', management],
  ['openid profile', '00000003-0000-0000-c000-000000000000', 'openid profile email'],
])('the scope "%s" gets a token for the audience %s', async (scope, audience, granted) => {
  const tokens = await app.signIn({ scope: `openid ${scope}` })
  expect(claimsOf(tokens.access_token).aud).toBe(audience)
  expect(tokens.scope).toBe(granted)
})

test('a refresh token needs offline_access, and client_info needs client_info=1', async () => {
  const answer = answerOf(await app.walk({ scope: 'openid User.Read', client_info: undefined }))
  const { body } = await app.redeem(answer.code, { client_info: '0' })
  expect(answer).not.toHaveProperty('client_info')
  expect(body).not.toHaveProperty('client_info')
  expect(body).not.toHaveProperty('refresh_token')
})

test('refresh_in is present for long lifetimes, or follows the setting', async () => {
  await app.control.changeSettings({ accessTokenLifetime: 24 * 3600 })
  expect(await app.signIn()).toMatchObject({ expires_in: 86_400, refresh_in: 43_200 })
  await app.control.changeSettings({ refreshIn: 7 })
  expect(await app.signIn()).toMatchObject({ refresh_in: 7 })
})

test('an access token has one resource', async () => {
  const scope = `openid offline_access User.Read ${app.api}/api.read`
  const code = async () => answerOf(await app.walk({ scope })).code
  expect((await app.redeem(await code(), { scope })).body).toMatchObject({
    error: 'invalid_request',
    error_codes: [28000],
  })
  expect((await app.redeem(await code())).body.error_codes).toEqual([28003])
  const one = await app.redeem(await code(), { scope: `openid ${app.api}/api.read` })
  expect(one.body.scope).toBe(`${app.api}/api.read`)
})

test('.default grants the registered scopes, and the response contains .default', async () => {
  const tokens = await app.signIn({ scope: `openid ${app.api}/.default` })
  expect(tokens.scope).toBe(`${app.api}/api.read ${app.api}/.default`)
  expect(claimsOf(tokens.access_token).scp).toBe('api.read')
})

test('the error response has the format of Entra', async () => {
  const { body, headers, status } = await app.post({
    grant_type: 'refresh_token',
    refresh_token: 'unknown',
    'client-request-id': 'some-request',
  })
  expect(status).toBe(400)
  expect(headers.get('access-control-allow-origin')).toBe('*')
  expect(body).toEqual({
    error: 'invalid_grant',
    error_description: expect.stringMatching(
      /^AADSTS70000: .* Trace ID: .* Correlation ID: some-request Timestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/,
    ),
    error_codes: [70000],
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
    trace_id: headers.get('x-ms-request-id'),
    correlation_id: 'some-request',
    error_uri: `${app.origin}/error?code=70000`,
    suberror: 'bad_token',
  })
})

test('a code works once, with its verifier, from the origin of the app', async () => {
  const code = async () => answerOf(await app.walk()).code
  const first = await code()
  await app.redeem(first)
  expect((await app.redeem(first)).body.error_codes).toEqual([54005])
  expect((await app.redeem(await code(), { code_verifier: 'other' })).body.error_codes).toEqual([
    501481,
  ])
  expect(
    (await app.redeem(await code(), { redirect_uri: 'http://localhost:1/' })).body.error_codes,
  ).toEqual([500112])
  const fields = { grant_type: 'authorization_code', code: 'any' }
  expect((await app.post(fields, { origin: 'http://evil.test' })).body.error_codes).toEqual([
    9002326,
  ])
  expect((await app.post({ grant_type: 'password' })).body.error).toBe('unsupported_grant_type')
  expect((await app.post({ ...fields, client_id: 'nobody' })).body.error_codes).toEqual([700016])
})

test('faults change token responses, and requests are counted', async () => {
  await app.control.addFault({
    endpoint: 'token',
    fault: { kind: 'idToken', claims: { tid: 'forged' } },
  })
  expect(claimsOf((await app.signIn()).id_token).tid).toBe('forged')
  expect(await app.control.stats()).toMatchObject({
    counts: { authorization: 1, token: 1 },
    tokenGrants: { authorization_code: 1 },
  })
})
