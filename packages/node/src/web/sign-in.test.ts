import { expect, test } from 'vitest'
import { keyring, newSealKey } from '../cache/keyring.ts'
import { memoryStore } from '../stores/memory-store.ts'
import { createTestClock } from '../testing/service.ts'
import { CALLBACK, request, SCOPES, useWebApp } from '../testing/web-app.ts'

const { oidc, begun } = useWebApp()
const scopes = SCOPES
const fields = { redirectUri: CALLBACK, scopes }

test('a sign-in has PKCE, state and nonce, and ends with the account and its page', async () => {
  const app = await oidc.create()
  const { url, cookie, response, answer } = await begun(app, { returnTo: '/inbox?folder=2#top' })
  const sent = new URL(url).searchParams
  expect(sent.get('code_challenge_method')).toBe('S256')
  for (const name of ['code_challenge', 'state', 'nonce'])
    expect(sent.get(name)?.length).toBeGreaterThan(40)
  expect(cookie).toMatch(/^__Host-.*; Path=\/; HttpOnly; Secure; SameSite=Lax; Max-Age=3600$/)
  expect(cookie).not.toContain(sent.get('state'))
  expect(response.status).toBe(303)
  expect(response.headers.get('location')).toBe(url)
  expect(response.headers.getSetCookie()).toEqual([cookie])
  const { account, returnTo, result, cookies } = await app.signIn.finish(answer)
  expect(account.username).toBe('alice@example.com')
  expect(returnTo).toBe('/inbox?folder=2#top')
  expect(result).toMatchObject({ fromCache: false, scopes: expect.arrayContaining(scopes) })
  expect(cookies).toEqual([expect.stringContaining('Max-Age=0')])
  await app.close()
})

test('the tokens are in the partition of the user, and a second user gets others', async () => {
  const app = await oidc.create()
  const alice = await app.signIn.finish((await begun(app)).answer)
  await oidc.idp.control.changeSettings({ signInAs: 'bob' })
  const bob = await app.signIn.finish((await begun(app)).answer)
  const tokens = await Promise.all(
    [alice, bob].map(({ account }) => app.forUser(account).acquireTokenSilent({ scopes })),
  )
  expect(tokens.map(({ account }) => account?.username)).toEqual([
    'alice@example.com',
    'bob@example.com',
  ])
  expect(tokens.map(({ accessToken }) => accessToken)).toEqual([
    alice.result.accessToken,
    bob.result.accessToken,
  ])
  expect(tokens.every(({ fromCache }) => fromCache)).toBe(true)
  await app.close()
})

test('a code is redeemed although the cache holds a token', async () => {
  const app = await oidc.create()
  const first = await app.signIn.finish((await begun(app)).answer)
  const second = await app.signIn.finish((await begun(app)).answer)
  expect(second.result.fromCache).toBe(false)
  expect(second.result.accessToken).not.toBe(first.result.accessToken)
  await app.close()
})

test('a response works once, in the browser that began the sign-in, and in no other', async () => {
  const app = await oidc.create()
  const { answer } = await begun(app)
  const stolen = new Request(answer.url)
  await expect(app.signIn.finish(stolen)).rejects.toMatchObject({ code: 'transaction_not_found' })
  const other = await begun(app)
  const mixed = new Request(answer.url, { headers: other.answer.headers })
  await expect(app.signIn.finish(mixed)).rejects.toMatchObject({ code: 'transaction_not_found' })
  await app.signIn.finish(answer.clone())
  await expect(app.signIn.finish(answer)).rejects.toMatchObject({ code: 'transaction_not_found' })
  await app.close()
})

test('sign-ins in two tabs do not disturb each other, and old cookies are deleted', async () => {
  const app = await oidc.create()
  const tabs = await Promise.all([begun(app), begun(app)])
  const both = tabs.flatMap(({ cookies }) => cookies)
  for (const { answer } of tabs) {
    const done = await app.signIn.finish(request(answer.url, both))
    expect(done.account.username).toBe('alice@example.com')
  }
  const many = await Promise.all(Array.from({ length: 7 }, () => app.signIn.begin(fields)))
  const browser = request(
    'https://app.example/',
    many.flatMap(({ cookies }) => cookies),
  )
  const { cookies } = await app.signIn.begin({ ...fields, request: browser })
  expect(cookies.filter((one) => one.includes('Max-Age=0')).length).toBe(3)
  await app.close()
})

test('a sign-in begins on one machine and ends on another with the same keys', async () => {
  const keys = keyring(newSealKey())
  const store = memoryStore({ maxBytes: 2 ** 20, now: Date.now })
  const [one, two] = await Promise.all([
    oidc.create({ cache: { store, keys } }),
    oidc.create({ cache: { store, keys } }),
  ])
  const { answer } = await begun(one)
  const { account } = await two.signIn.finish(answer.clone())
  await expect(one.signIn.finish(answer)).rejects.toMatchObject({ code: 'transaction_not_found' })
  const found = await one.forUser(account.id).acquireTokenSilent({ scopes })
  expect(found).toMatchObject({ fromCache: true, account: { username: 'alice@example.com' } })
  await Promise.all([one.close(), two.close()])
})

test('a transaction ends after an hour, and a changed or foreign cookie does not open', async () => {
  const clock = createTestClock()
  const app = await oidc.create({ clock })
  const { answer, cookie } = await begun(app)
  const other = await oidc.create()
  const changed = cookie.replace(/=(\w+)\.(..)/, '=$1.AA')
  for (const [client, sent] of [
    [other, answer],
    [app, request(answer.url, [changed])],
  ] as const)
    await expect(client.signIn.finish(sent)).rejects.toMatchObject({
      code: 'transaction_not_found',
    })
  clock.advance(3_600_001)
  await expect(app.signIn.finish(answer)).rejects.toMatchObject({ code: 'transaction_expired' })
  await Promise.all([app.close(), other.close()])
})

test.each([
  [{ returnTo: 'https://attacker.example/' }],
  [{ returnTo: '//attacker.example/' }],
  [{ returnTo: '/\\attacker.example/' }],
  [{ returnTo: 'javascript:alert(1)' }],
  [{ redirectUri: 'http://app.example/callback' }],
  [{ redirectUri: '/callback' }],
  [{ responseMode: 'fragment' }],
  [{ redirectUri: 'http://localhost/callback', responseMode: 'form_post' }],
  [{ extraParameters: { nonce: 'fixed' } }],
  [{ maxAgeMs: -1 }],
  [{ scopes: 'calendar.read' }],
  [{ returnTo: `/?${'x'.repeat(4000)}` }],
])('%o is refused before the user leaves', async (wrong) => {
  const app = await oidc.create()
  await expect(app.signIn.begin({ ...fields, ...wrong } as never)).rejects.toMatchObject({
    code: 'invalid_request',
  })
  await app.close()
})

test('a path with two slashes at its beginning stays on this host', async () => {
  const app = await oidc.create()
  const { answer } = await begun(app, { returnTo: 'https://app.example//attacker.example/x' })
  expect((await app.signIn.finish(answer)).returnTo).toBe('/attacker.example/x')
  await app.close()
})

test('requests are pushed where the provider requires it (RFC 9126)', async () => {
  await oidc.idp.control.changeSettings({ requirePushedRequests: true })
  const app = await oidc.create()
  const { url, answer } = await begun(app)
  expect([...new URL(url).searchParams.keys()].sort()).toEqual(['client_id', 'request_uri'])
  expect((await app.signIn.finish(answer)).account.username).toBe('alice@example.com')
  expect((await oidc.idp.control.stats()).counts.par).toBe(1)
  await app.close()
})

test('the response may be a form', async () => {
  const app = await oidc.create()
  const { answer, cookies, cookie } = await begun(app, { responseMode: 'query' })
  const formed = await app.signIn.begin({ ...fields, responseMode: 'form_post' })
  expect(formed.cookie).toContain('SameSite=None')
  expect(new URL(formed.url).searchParams.get('response_mode')).toBe('form_post')
  expect(cookie).toContain('SameSite=Lax')
  const form = request(CALLBACK, cookies, {
    method: 'POST',
    body: new URL(answer.url).searchParams,
  })
  expect((await app.signIn.finish(form)).account.username).toBe('alice@example.com')
  await app.close()
})
