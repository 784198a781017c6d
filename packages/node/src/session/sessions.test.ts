import type { Account } from '@carnet/core'
import { expect, test } from 'vitest'
import type { ConfidentialClient } from '../api/confidential-client.ts'
import { keyring, newSealKey } from '../cache/keyring.ts'
import { memoryStore } from '../stores/memory-store.ts'
import { createTestClock } from '../testing/service.ts'
import { CALLBACK, createAgent, request, useWebApp } from '../testing/web-app.ts'
import { createSessions } from './sessions.ts'

const HOUR_MS = 3_600_000
const origin = 'https://app.example'
const scopes = ['calendar.read']
const { oidc } = useWebApp()

async function signIn(app: ConfidentialClient): Promise<Account> {
  const { url, cookies } = await app.signIn.begin({ redirectUri: CALLBACK, scopes })
  const answer = await createAgent({ origin: oidc.idp.issuer }).authorize(url)
  return (await app.signIn.finish(request(answer, cookies))).account
}

async function setUp(options = {}) {
  const clock = createTestClock()
  const app = await oidc.create({ clock })
  return { clock, app, sessions: createSessions(app, { origin, ...options }) }
}

const visit = (cookies: readonly string[] = []) => request(`${origin}/`, cookies)

test('a session has a random id, which is in no URL and in no other cookie', async () => {
  const { app, sessions } = await setUp()
  const account = await signIn(app)
  const { cookies } = await sessions.begin(account, visit())
  expect(cookies).toEqual([
    expect.stringMatching(
      /^__Host-carnet-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    ),
  ])
  const session = await sessions.read(visit(cookies))
  expect(session?.account).toEqual(account)
  const token = await session?.user.acquireTokenSilent({ scopes })
  expect(token).toMatchObject({ fromCache: true, account: { id: account.id } })
})

test('a sign-in changes the id, and the id before it is dead (session fixation)', async () => {
  const { app, sessions } = await setUp()
  const account = await signIn(app)
  const first = await sessions.begin(account, visit())
  const second = await sessions.begin(account, visit(first.cookies))
  expect(second.cookies).not.toEqual(first.cookies)
  expect(await sessions.read(visit(first.cookies))).toBeUndefined()
  expect(await sessions.read(visit(second.cookies))).toBeDefined()
  const planted = [`__Host-carnet-session=${'A'.repeat(43)}`]
  const third = await sessions.begin(account, visit(planted))
  expect(await sessions.read(visit(planted))).toBeUndefined()
  expect(await sessions.read(visit(third.cookies))).toBeDefined()
})

test('a session ends when it is idle, and at its absolute end', async () => {
  const { app, clock, sessions } = await setUp({ absoluteTimeoutMs: HOUR_MS })
  const account = await signIn(app)
  const idle = await sessions.begin(account, visit())
  clock.advance(30 * 60_000 + 1)
  expect(await sessions.read(visit(idle.cookies))).toBeUndefined()
  const used = await sessions.begin(account, visit())
  for (let minutes = 0; minutes < 60; minutes += 20) {
    expect(await sessions.read(visit(used.cookies))).toBeDefined()
    clock.advance(20 * 60_000)
  }
  expect(await sessions.read(visit(used.cookies))).toBeUndefined()
})

test('a sign-out ends one browser; the last one takes the tokens with it', async () => {
  const { app, sessions } = await setUp()
  const account = await signIn(app)
  const laptop = await sessions.begin(account, visit())
  const phone = await sessions.begin(account, visit())
  const first = await sessions.end(visit(laptop.cookies))
  expect(first.cookies).toEqual([expect.stringContaining('Max-Age=0')])
  expect(first.url).toContain('id_token_hint=')
  expect(await sessions.read(visit(laptop.cookies))).toBeUndefined()
  expect(await sessions.read(visit(phone.cookies))).toBeDefined()
  await sessions.end(visit(phone.cookies))
  expect(await app.forUser(account).account()).toBeUndefined()
  expect((await sessions.end(visit())).url).toBeUndefined()
})

test('with `keepTokens`, jobs continue after the sign-out', async () => {
  const { app, sessions } = await setUp({ keepTokens: true })
  const account = await signIn(app)
  const { cookies } = await sessions.begin(account, visit())
  await sessions.end(visit(cookies))
  const found = await app.forUser(account.id).acquireTokenSilent({ scopes })
  expect(found.fromCache).toBe(true)
})

test('the logout page of the provider ends the sessions of its `sid`, and no other', async () => {
  const { app, sessions } = await setUp()
  const account = await signIn(app)
  const other = await signIn(app)
  const sid = String(account.idTokenClaims.sid)
  expect(other.idTokenClaims.sid).not.toBe(sid)
  const [mine, foreign] = [
    await sessions.begin(account, visit()),
    await sessions.begin(other, visit()),
  ]
  const page = (iss: string) =>
    new Request(`${origin}/frontchannel-logout?${new URLSearchParams({ iss, sid })}`)
  await sessions.frontChannelLogout(page('https://other.example'))
  expect(await sessions.read(visit(mine.cookies))).toBeDefined()
  const answer = await sessions.frontChannelLogout(page(oidc.idp.issuer))
  expect(answer.headers.get('content-security-policy')).toContain(
    `frame-ancestors ${oidc.idp.issuer}`,
  )
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(await sessions.read(visit(mine.cookies))).toBeUndefined()
  expect(await sessions.read(visit(foreign.cookies))).toBeDefined()
})

test('a link to the front-channel logout of another site ends no session, a frame does', async () => {
  const { app, sessions } = await setUp()
  const mine = await sessions.begin(await signIn(app), visit())
  const logout = (dest: string) => {
    const headers = { ...Object.fromEntries(visit(mine.cookies).headers), 'sec-fetch-dest': dest }
    return sessions.frontChannelLogout(new Request(`${origin}/frontchannel-logout`, { headers }))
  }
  await logout('document')
  expect(await sessions.read(visit(mine.cookies))).toBeDefined()
  await logout('iframe')
  expect(await sessions.read(visit(mine.cookies))).toBeUndefined()
})

test('machines share sessions; an outage of the store ends none that this machine knows', async () => {
  const inner = memoryStore({ maxBytes: 2 ** 20, now: Date.now })
  let isDown = false
  const store = new Proxy(inner, {
    get: (target, name: keyof typeof inner) =>
      isDown && name !== 'close'
        ? () => Promise.reject(new Error('the store is down'))
        : target[name],
  })
  const cache = { store, keys: keyring(newSealKey()) }
  const apps = await Promise.all([oidc.create({ cache }), oidc.create({ cache })])
  const [one, two] = apps.map((app) => createSessions(app, { origin }))
  const account = await signIn(apps[0])
  const begun = await one?.begin(account, visit())
  const cookies = begun?.cookies ?? []
  isDown = true
  await expect(two?.read(visit(cookies))).rejects.toMatchObject({ code: 'store_unavailable' })
  expect((await one?.read(visit(cookies)))?.account.id).toBe(account.id)
  isDown = false
  await Promise.all(apps.map((app) => app.close()))
})

test.each([
  ['transactions', 'the session'],
  ['accounts', 'the account of the session'],
])('one unanswered read of %s is no end of %s', async (collection) => {
  const inner = memoryStore({ maxBytes: 2 ** 20, now: Date.now })
  let failures = 0
  const store = {
    ...inner,
    get: (...asked: Parameters<typeof inner.get>) => {
      if (failures === 0 || asked[0] !== collection) return inner.get(...asked)
      failures -= 1
      return Promise.reject(new Error('no answer'))
    },
  }
  const cache = { store, keys: keyring(newSealKey()) }
  const apps = await Promise.all([oidc.create({ cache }), oidc.create({ cache })])
  const [one, two] = apps.map((app) => createSessions(app, { origin }))
  const begun = await one?.begin(await signIn(apps[0]), visit())
  failures = 1
  await expect(two?.read(visit(begun?.cookies))).rejects.toMatchObject({
    code: 'store_unavailable',
  })
  await Promise.all(apps.map((app) => app.close()))
})

test.each([
  [{ origin: 'http://app.example' }],
  [{ origin: 'https://app.example/' }],
  [{ origin, idleTimeoutMs: 0 }],
  [{ origin, absoluteTimeoutMs: Number.NaN }],
  [{ origin, cookieName: 'a b' }],
])('%o is no option', async (wrong) => {
  const app = await oidc.create()
  expect(() => createSessions(app, wrong)).toThrow(
    expect.objectContaining({ code: 'invalid_options' }),
  )
})
