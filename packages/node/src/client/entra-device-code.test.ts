import { type EntraProvider, startEntraProvider } from '@carnet/idp'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { DeviceCode } from '../api/public-client.ts'
import { TOOL } from '../testing/device-provider.ts'
import { createTestClock } from '../testing/service.ts'
import { createAgent } from '../testing/web-app.ts'
import { createPublicClient } from './create-public-client.ts'

const scopes = ['User.Read']
let idp: EntraProvider
beforeAll(async () => {
  idp = await startEntraProvider({
    clients: [{ clientId: TOOL, redirectUris: [], isNative: true }],
  })
})
beforeEach(async () => {
  await idp.control.reset()
  // The shortest pause that clients make.
  await idp.control.changeSettings({ deviceCodeInterval: 1 })
})
afterAll(() => idp.close())

const create = (more = {}) =>
  createPublicClient({
    clientId: TOOL,
    authority: idp.authority('home'),
    authorityProfile: 'entra',
    ...more,
  })

/** Types the code on the page of the provider, and signs in or cancels. */
async function decide({ userCode, verificationUri }: DeviceCode, action: 'continue' | 'cancel') {
  const browser = createAgent({ origin: idp.origin })
  if (action === 'continue') return browser.press(verificationUri, { otc: userCode })
  const page = await browser.visit(verificationUri, {
    method: 'POST',
    body: new URLSearchParams({ otc: userCode }),
  })
  const { url } = page as Response
  return browser.press(url, { action })
}

test('a tool signs a user in at Entra, renews, and signs out', async () => {
  const clock = createTestClock()
  const app = await create({ clock })
  const codes: DeviceCode[] = []
  const first = await app.acquireTokenByDeviceCode({
    scopes,
    async onCode(code) {
      codes.push(code)
      expect(await decide(code, 'continue')).toContain('You have signed in')
    },
  })
  expect(first.account).toMatchObject({
    username: 'alice@contoso.example',
    tenantId: idp.tenants.home.id,
  })
  const [code] = codes
  expect(code?.verificationUri).toBe(`${idp.origin}/common/oauth2/deviceauth`)
  expect(code?.verificationUriComplete).toBeUndefined()
  expect(code?.message).toContain(code?.userCode)
  const held = await app.acquireTokenSilent({ scopes })
  expect([held.fromCache, held.accessToken]).toEqual([true, first.accessToken])
  clock.advance(2 * 3_600_000)
  const renewed = await app.acquireTokenSilent({ scopes: ['Mail.Read'] }).catch((error) => error)
  expect(renewed).toMatchObject({ code: 'interaction_required' })
  expect((await app.acquireTokenSilent({ scopes })).fromCache).toBe(false)
  const me = await fetch(`${idp.graph}/me`, {
    headers: { authorization: `Bearer ${(await app.acquireTokenSilent({ scopes })).accessToken}` },
  })
  expect(await me.json()).toMatchObject({ displayName: 'Alice Adams' })
  if (first.account) await app.signOut(first.account)
  expect(await app.accounts()).toEqual([])
})

test('polls while the user is away', async () => {
  const app = await create()
  const shown: DeviceCode[] = []
  const signIn = app.acquireTokenByDeviceCode({ scopes, onCode: (code) => void shown.push(code) })
  const polls = async () => (await idp.control.stats()).counts.token
  await expect.poll(polls).toBeGreaterThan(1)
  for (const code of shown) await decide(code, 'continue')
  expect((await signIn).account?.username).toBe('alice@contoso.example')
  expect((await idp.control.stats()).counts.device_authorization).toBe(1)
})

test('a user who cancels declines', async () => {
  const app = await create()
  const failed = app.acquireTokenByDeviceCode({
    scopes,
    onCode: async (code) => void (await decide(code, 'cancel')),
  })
  await expect(failed).rejects.toMatchObject({
    code: 'access_denied',
    oauth: { error: 'authorization_declined' },
    hint: expect.any(String),
  })
})

test('a code that has expired at Entra ends the sign-in', async () => {
  const app = await create()
  const failed = app.acquireTokenByDeviceCode({
    scopes,
    onCode: async () => void (await idp.control.changeSettings({ deviceCodeLifetime: 0 })),
  })
  await expect(failed).rejects.toMatchObject({ code: 'device_code_expired' })
})

test('a code that Entra does not know any more is an error with its name', async () => {
  const app = await create()
  const failed = app.acquireTokenByDeviceCode({ scopes, onCode: () => idp.control.reset() })
  await expect(failed).rejects.toMatchObject({
    code: 'token_request_failed',
    oauth: { error: 'bad_verification_code' },
  })
  expect(await app.accounts()).toEqual([])
})

test('a refusal of the device endpoint reaches the app', async () => {
  const app = await create({ clientId: 'unknown' })
  const failed = app.acquireTokenByDeviceCode({ scopes, onCode: () => undefined })
  await expect(failed).rejects.toMatchObject({ oauth: { error: 'unauthorized_client' } })
})
