import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createBrowser } from '../testing/browser.ts'
import { type EntraProvider, startEntraProvider } from './start-entra-provider.ts'

const TOOL = 'tool'
const GRANT = 'urn:ietf:params:oauth:grant-type:device_code'
const scope = 'openid profile offline_access User.Read'

let idp: EntraProvider
beforeAll(async () => {
  idp = await startEntraProvider({
    clients: [
      { clientId: TOOL, redirectUris: [], isNative: true },
      { clientId: 'other-tool', redirectUris: [], isNative: true },
      { clientId: 'spa', redirectUris: ['http://localhost:5173/'] },
    ],
  })
})
beforeEach(() => idp.control.reset())
afterAll(() => idp.close())

async function post(path: string, fields: Record<string, string>, tenant = 'home') {
  const url = `${idp.authority(tenant)}/oauth2/v2.0/${path}`
  const { origin, ...form } = fields
  const answer = await fetch(url, {
    method: 'POST',
    headers: origin === undefined ? {} : { origin },
    body: new URLSearchParams(form),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, string> }
}
const ask = (fields = {}, tenant = 'home') =>
  post('devicecode', { client_id: TOOL, scope, ...fields }, tenant)
const poll = (code = '', fields = {}) =>
  post('token', { client_id: TOOL, grant_type: GRANT, device_code: code, ...fields })
const refusal = (error: string, number: number) => ({
  status: 400,
  body: { error, error_codes: [number] },
})

/** Types the code, and signs in with one click. */
async function enter(userCode = '', browser = createBrowser(idp.origin)) {
  const url = `${idp.origin}/common/oauth2/deviceauth`
  const page = await browser.press(await browser.visit(url), { otc: userCode })
  return { browser, page }
}
async function approve(userCode = '', account = 'alice') {
  const { browser, page } = await enter(userCode)
  const signedIn = await browser.press(page, { action: 'continue', account })
  return signedIn.text.includes('value="allow"')
    ? browser.press(signedIn, { action: 'allow' })
    : signedIn
}

test('answers a device as Entra does, and gives its tokens once', async () => {
  const { status, body } = await ask()
  expect([status, body]).toEqual([
    200,
    {
      user_code: expect.stringMatching(/^[B-DF-HJ-NP-TV-Z]{9}$/),
      device_code: expect.stringMatching(/^[\w-]{40,}$/),
      verification_uri: `${idp.origin}/common/oauth2/deviceauth`,
      expires_in: 900,
      interval: 5,
      message: expect.stringContaining(`enter the code ${body.user_code} to authenticate`),
    },
  ])
  expect(await poll(body.device_code)).toMatchObject(refusal('authorization_pending', 70016))
  expect((await approve(body.user_code?.toLowerCase())).text).toContain('You have signed in')
  const tokens = await poll(body.device_code)
  expect([tokens.status, tokens.body]).toMatchObject([
    200,
    {
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      id_token: expect.any(String),
    },
  ])
  expect(await poll(body.device_code)).toMatchObject(refusal('bad_verification_code', 70018))
})

test('a user who cancels declines', async () => {
  const { body } = await ask()
  const { browser, page } = await enter(body.user_code)
  expect((await browser.press(page, { action: 'cancel' })).text).toContain('did not sign in')
  expect(await poll(body.device_code)).toMatchObject(refusal('authorization_declined', 65004))
})

test('a code expires for the device and for its user', async () => {
  const { body } = await ask()
  await idp.control.changeSettings({ deviceCodeLifetime: 0 })
  expect(await poll(body.device_code)).toMatchObject(refusal('expired_token', 70020))
  expect((await enter(body.user_code)).page.text).toContain('That code did not work')
})

test('a wrong code, and a code of another client, are bad', async () => {
  const { body } = await ask()
  for (const [code, fields] of [
    ['unknown', {}],
    [body.device_code, { client_id: 'other-tool' }],
  ] as const)
    expect(await poll(code, fields)).toMatchObject(refusal('bad_verification_code', 70018))
  expect((await enter('AAAAAAAAA')).page.text).toContain('That code did not work')
  expect((await poll()).body.error).toBe('bad_verification_code')
})

test('wrong requests are refused with the errors of Entra', async () => {
  expect(await ask({ client_id: 'unknown' })).toMatchObject(refusal('unauthorized_client', 700016))
  expect(await ask({ scope: '' })).toMatchObject(refusal('invalid_request', 900144))
  expect((await ask({}, 'unknown')).body.error).toBe('invalid_tenant')
  // Entra takes a client without public flows for a confidential one.
  const { body } = await ask({ client_id: 'spa' })
  const spa = { client_id: 'spa', origin: 'http://localhost:5173' }
  expect((await poll(body.device_code, spa)).body).toMatchObject({
    error: 'invalid_client',
    error_codes: [7000218],
  })
})

test('asks for the account if the browser has a session, and serves every tenant', async () => {
  const first = await ask()
  const { browser, page } = await enter(first.body.user_code)
  await browser.press(page, { action: 'continue', account: 'alice' })
  const second = await ask({}, 'common')
  const again = await enter(second.body.user_code, browser)
  expect(again.page.text).toContain('Alice Adams')
  expect(again.page.text).not.toContain('You have signed in')
})
