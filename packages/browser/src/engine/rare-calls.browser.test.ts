import { createFakeProvider, jsonResponse } from '@carnet/core/fakes'
import { afterEach, expect, test } from 'vitest'
import type { AuthClient } from '../api/auth-client.ts'
import { createAuthClient } from '../startup/create-auth-client.ts'
import { seedSession } from '../testing/seed-session.ts'

const clientId = 'spa'
const opened: AuthClient[] = []
afterEach(() => {
  for (const auth of opened.splice(0)) auth.close()
})

/** A client whose user has a refresh token and a token that expires in `expiresIn` seconds. */
async function setUp(expiresIn: number) {
  const cache = { name: `test-${crypto.randomUUID()}` }
  const provider = createFakeProvider({ now: Date.now })
  provider.onToken = (asked) =>
    jsonResponse(provider.tokens({ scope: asked.get('scope') ?? 'openid read' }))
  const authority = provider.issuer
  const asked: string[] = []
  await seedSession({
    clientId,
    authority,
    cache,
    account: { sub: 'alice' },
    refreshToken: 'rt-1',
    tokens: [{ scopes: ['read'], accessToken: 'seeded', expiresIn }],
  })
  const auth = await createAuthClient({
    clientId,
    authority,
    cache,
    renewal: { enabled: false },
    async fetch(input, init) {
      const request = new Request(input, init)
      asked.push(new URL(request.url).pathname)
      return provider.respond(request)
    },
  })
  opened.push(auth)
  const other = await createAuthClient({ clientId, authority, cache, renewal: { enabled: false } })
  opened.push(other)
  return { auth, other, asked, authority, provider }
}

test('the ID token of an account is there at once, and of no other account', async () => {
  const { auth } = await setUp(3600)
  const idToken = auth.idTokenOf()
  expect(JSON.parse(atob(idToken?.split('.')[1] ?? '')).sub).toBe('alice')
  const [alice] = auth.accounts
  if (!alice) return expect.fail('Nobody is signed in.')
  expect(auth.idTokenOf({ ...alice })).toBe(idToken)
  expect(auth.idTokenOf({ ...alice, homeAccountId: 'bob' })).toBeUndefined()
  await auth.clear()
  expect(auth.idTokenOf()).toBeUndefined()
})

test('a look at the cache returns an expired token, sends no request, and tells when there is none', async () => {
  const { auth, asked } = await setUp(-60)
  const held = await auth.peek({ scopes: ['read'] })
  expect([held?.accessToken, held?.fromCache]).toEqual(['seeded', true])
  expect(held?.expiresOn.getTime()).toBeLessThan(Date.now())
  expect(await auth.peek({ scopes: ['write'] })).toBeNull()
  const [alice] = auth.accounts
  if (!alice) return expect.fail('Nobody is signed in.')
  const stranger = { ...alice, homeAccountId: 'bob' }
  await expect(auth.peek({ scopes: ['read'], account: stranger })).rejects.toMatchObject({
    code: 'account_not_found',
  })
  await auth.clear()
  expect(await auth.peek({ scopes: ['read'] })).toBeNull()
  expect(asked.filter((path) => path.includes('token'))).toEqual([])
})

test('a request that names its sources gets a token from these sources', async () => {
  const { auth, asked } = await setUp(3600)
  const redemptions = () => asked.filter((path) => path.includes('token')).length
  const ask = async (request: object) => {
    const { fromCache } = await auth.acquireTokenSilent({ scopes: ['read'], ...request })
    return [fromCache, redemptions()]
  }
  expect(await ask({ sources: ['cache'] })).toEqual([true, 0])
  expect(await ask({ sources: ['refresh'] })).toEqual([false, 1])
  expect(await ask({ minLifetimeMs: 60_000 })).toEqual([true, 1])
  const failed: string[] = []
  auth.on('renewalFailed', ({ error }) => failed.push(error.code))
  const missing = auth.acquireTokenSilent({ scopes: ['write'], sources: ['cache'] })
  await expect(missing).rejects.toMatchObject({ code: 'no_cached_token' })
  expect(failed).toEqual([])
  const wrong = { scopes: ['read'], sources: ['network'] } as never
  await expect(auth.acquireTokenSilent(wrong)).rejects.toMatchObject({ code: 'invalid_request' })
})

test('the background renewal starts and stops at run time', async () => {
  const { auth } = await setUp(3600)
  await auth.acquireTokenSilent({ scopes: ['read'] })
  expect(auth.renewals).toEqual([])
  await auth.startRenewal()
  expect(auth.renewals).toMatchObject([{ scopes: ['read'], used: true }])
  await auth.stopRenewal()
  expect(auth.renewals).toEqual([])
})

test('the metadata of the provider can be read, and of another authority only by a valid URL', async () => {
  const { auth, authority } = await setUp(3600)
  expect((await auth.metadata()).token_endpoint).toContain(authority)
  await expect(auth.metadata('http://idp.example')).rejects.toMatchObject({
    code: 'invalid_request',
  })
})

test('a value beside an account is in every tab, sealed, until the account is removed', async () => {
  const { auth, other } = await setUp(3600)
  await auth.setAccountData('profile', { nickname: 'Al of the hills' })
  expect(await other.getAccountData('profile')).toEqual({ nickname: 'Al of the hills' })
  await other.clear()
  await expect(other.getAccountData('profile')).rejects.toMatchObject({ code: 'no_account' })
})

test('an imported session is in every tab, and answers without a request for a token', async () => {
  const { auth, other, asked, provider } = await setUp(3600)
  const heard = new Promise<string>((resolve) => {
    other.on('accountAdded', ({ account }) => resolve(account.homeAccountId))
  })
  const bob = await auth.importSession({
    idToken: provider.idToken({ sub: 'bob' }),
    accessTokens: [{ token: 'imported', scopes: ['read'], expiresAtMs: Date.now() + 600_000 }],
    refreshToken: { token: 'rt-of-bob' },
  })
  expect(await heard).toBe('bob')
  expect(auth.activeAccount?.homeAccountId).toBe('alice')
  for (const tab of [auth, other]) {
    const { accessToken } = await tab.acquireTokenSilent({ scopes: ['read'], account: bob })
    expect(accessToken).toBe('imported')
  }
  expect(asked.filter((path) => path.includes('token'))).toEqual([])
  const nameless = { idToken: provider.idToken(), refreshToken: {} } as never
  await expect(auth.importSession(nameless)).rejects.toMatchObject({ code: 'invalid_request' })
})
