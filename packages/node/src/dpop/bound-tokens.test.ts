import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { keyring, newSealKey } from '../cache/keyring.ts'
import { createPublicClient } from '../client/create-public-client.ts'
import { createLocalLocks } from '../context/locks.ts'
import { memoryStore } from '../stores/memory-store.ts'
import { BOUND_SCOPES, boundTo, startBoundApp } from '../testing/bound-app.ts'
import { forEachFile } from '../testing/for-each-file.ts'
import { createTestClock } from '../testing/service.ts'
import { createAgent } from '../testing/web-app.ts'

const world = forEachFile(startBoundApp)
const scopes = BOUND_SCOPES
const shared = () => ({ store: memoryStore(), keys: keyring(newSealKey()) })
const DAY_MS = 24 * 3_600_000

test('tokens are bound to one key of all machines, and serve with a proof only', async () => {
  const cache = shared()
  const [one, two] = [await world.create({ cache }), await world.create({ cache })]
  const result = await one.acquireTokenForApp({ scopes })
  expect(result.tokenType).toBe('DPoP')
  expect(boundTo(result.accessToken)).toEqual(expect.any(String))
  const held = await two.acquireTokenForApp({ scopes })
  expect([held.fromCache, held.accessToken]).toEqual([true, result.accessToken])
  const other = await two.acquireTokenForApp({ scopes, forceRefresh: true })
  expect(boundTo(other.accessToken)).toBe(boundTo(result.accessToken))
  // A token of the cache is proven by the machine that did not acquire it.
  expect((await two.fetch(held, world.api('echo'))).status).toBe(200)
  const asBearer = { authorization: `Bearer ${result.accessToken}` }
  expect((await fetch(world.api('echo'), { headers: asBearer })).status).toBe(401)
})

test('two machines that start at once use one key', async () => {
  const { store, keys } = shared()
  const cache = { store: { ...store, withLock: createLocalLocks() }, keys }
  const apps = await Promise.all(Array.from({ length: 4 }, () => world.create({ cache })))
  await Promise.all(apps.map((app) => app.acquireTokenForApp({ scopes })))
  const results = await Promise.all(
    apps.map((app) => app.acquireTokenForApp({ scopes, forceRefresh: true })),
  )
  expect(new Set(results.map(({ accessToken }) => boundTo(accessToken))).size).toBe(1)
})

test('the store never holds the key in clear', async () => {
  const store = memoryStore()
  const app = await world.create({ cache: { store, keys: keyring(newSealKey()) } })
  await app.acquireTokenForApp({ scopes })
  const values: unknown[] = []
  const spy = { ...store, write: async (changes: unknown) => values.push(changes) }
  const second = await world.create({
    cache: { store: spy as never, keys: keyring(newSealKey()) },
  })
  await second.acquireTokenForApp({ scopes })
  const text = JSON.stringify(values)
  expect(text.length).toBeGreaterThan(100)
  expect(text).not.toContain('"d"')
  expect(text).not.toContain('P-256')
})

test('a user signs in on one machine and continues on another, with a bound code', async () => {
  const cache = shared()
  const clock = createTestClock()
  const [one, two] = [await world.create({ cache, clock }), await world.create({ cache, clock })]
  const { url, finish } = await world.begun(one)
  const { account, result } = await finish(two)
  expect(new URL(url).searchParams.get('dpop_jkt')).toBe(boundTo(result.accessToken))
  clock.advance(2 * 3_600_000)
  const renewed = await one.forUser(account).acquireTokenSilent({ scopes })
  expect(renewed).toMatchObject({ fromCache: false, tokenType: 'DPoP' })
  expect((await one.fetch(renewed, world.api('echo'))).status).toBe(200)
  expect((await two.forUser(account).forecast()).cause).not.toBe('access_token')
})

test('machines without a store bind no code to a key that the next machine does not have', async () => {
  const cache = { keys: keyring(newSealKey()) }
  const [one, two] = [await world.create({ cache }), await world.create({ cache })]
  for (const more of [{}, { pushed: true }]) {
    const { url, finish } = await world.begun(one, more)
    expect(url).not.toContain('dpop_jkt')
    const { result } = await finish(two)
    expect((await two.fetch(result, world.api('echo'))).status).toBe(200)
  }
})

test('a lost key ends no session, and its tokens serve nobody', async () => {
  const { store, keys } = shared()
  const [one, two] = [
    await world.create({ cache: { store, keys } }),
    await world.create({ cache: { store, keys } }),
  ]
  const { account, result } = await (await world.begun(one)).finish()
  // An administrator deletes all records but the tokens.
  const lossy = {
    ...store,
    get: async (collection: never, key: string) =>
      collection === 'metadata' ? undefined : store.get(collection, key),
    find: async (collection: never, tag: string) =>
      collection === 'metadata' ? [] : store.find(collection, tag),
  }
  const third = await world.create({ cache: { store: lossy as never, keys } })
  const replaced = await third.forUser(account).acquireTokenSilent({ scopes })
  expect(replaced.fromCache).toBe(false)
  expect(boundTo(replaced.accessToken)).not.toBe(boundTo(result.accessToken))
  expect((await third.fetch(replaced, world.api('echo'))).status).toBe(200)
  // The other machines still have their key.
  expect((await two.forUser(account).acquireTokenSilent({ scopes })).tokenType).toBe('DPoP')
  await expect(two.authorize(replaced, { method: 'GET', url: world.api('echo') })).resolves.toEqual(
    { authorization: `DPoP ${replaced.accessToken}`, dpop: expect.any(String) },
  )
})

test('a public client whose key is lost asks the user to sign in', async () => {
  const { store, keys } = shared()
  const clock = createTestClock()
  const options = { clientId: 'tool', authority: world.idp.issuer, dpop: true, clock } as const
  const app = await createPublicClient({ ...options, cache: { store, keys } })
  const visits: Promise<unknown>[] = []
  const agent = createAgent({ origin: world.idp.issuer })
  const result = await app.acquireTokenInteractive({
    scopes,
    openBrowser: (url) => void visits.push(agent.authorize(url).then((back) => fetch(back))),
  })
  await Promise.all(visits)
  expect((await app.fetch(result, world.api('echo'))).status).toBe(200)
  clock.advance(2 * 3_600_000)
  expect((await app.acquireTokenSilent({ scopes })).tokenType).toBe('DPoP')
  clock.advance(2 * 3_600_000)
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const other = await createPublicClient({
    ...options,
    dpop: { key: own },
    cache: { store, keys },
  })
  const refused = expect.objectContaining({ code: 'interaction_required', reason: 'key_lost' })
  await expect(other.acquireTokenSilent({ scopes })).rejects.toEqual(refused)
})

test.each([
  ['P-256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
  ['Ed25519', () => generateKeyPairSync('ed25519').privateKey],
])('an own key of %s binds the tokens, which another key never uses', async (_name, create) => {
  const cache = shared()
  const pem = create().export({ type: 'pkcs8', format: 'pem' }).toString()
  const one = await world.create({ cache, dpop: { key: pem } })
  const two = await world.create({ cache, dpop: { key: create() } })
  const bearer = await world.create({ cache, dpop: false })
  const first = await one.acquireTokenForApp({ scopes })
  const [second, third] = [
    await two.acquireTokenForApp({ scopes }),
    await bearer.acquireTokenForApp({ scopes }),
  ]
  expect([second.fromCache, third.fromCache, third.tokenType]).toEqual([false, false, 'Bearer'])
  expect(boundTo(second.accessToken)).not.toBe(boundTo(first.accessToken))
  for (const [app, result] of [
    [one, first],
    [two, second],
    [bearer, third],
  ] as const)
    expect((await app.fetch(result, world.api('echo'))).status).toBe(200)
  const again = await world.create({ cache, dpop: { key: pem } })
  expect((await again.acquireTokenForApp({ scopes })).fromCache).toBe(true)
})

test.each([
  [{ key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey }],
  [{ key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey }],
  [{ algorithm: 'RS256' }],
  [{ key: 7 }],
  ['always'],
])('refuses the option %j', async (dpop) => {
  await expect(world.create({ dpop: dpop as never })).rejects.toMatchObject({
    code: 'invalid_options',
  })
})

test.each([-DAY_MS, DAY_MS])('works with a clock that is %d ms wrong', async (offsetMs) => {
  const clock = { now: () => Date.now() + offsetMs }
  await world.idp.control.changeSettings({ authorizationServerNonces: 'required' })
  const app = await world.create({ clock })
  const { account } = await (await world.begun(app, { pushed: true })).finish()
  const result = await app.forUser(account).acquireTokenSilent({ scopes, forceRefresh: true })
  expect((await app.fetch(result, world.api('echo'))).status).toBe(200)
})
