import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { findRedis, type RunningRedis, startRedis } from '../../../../scripts/redis.mjs'
import type { ConfidentialClient } from '../api/confidential-client.ts'
import { keyring, newSealKey } from '../cache/keyring.ts'
import { redisStore } from '../stores/redis/redis-store.ts'
import { type AppClient, clientPackages, connectRedis } from '../testing/redis-clients.ts'
import { createTestClock, GRAPH, startEntraService } from '../testing/service.ts'

let entra: Awaited<ReturnType<typeof startEntraService>>
let server: RunningRedis
const opened: { close(): void }[] = []
const clock = createTestClock()

beforeAll(async () => {
  entra = await startEntraService()
})
beforeEach(async () => {
  await entra.idp.control.reset()
  if (findRedis()) server = await startRedis()
})
afterEach(async () => {
  for (const one of opened.splice(0)) one.close()
  await server?.stop()
})
afterAll(() => entra.idp.close())

async function machine(
  name: (typeof clientPackages)[number] = 'redis',
  keys = keyring(`k:${'ab'.repeat(32)}`),
): Promise<{ app: ConfidentialClient; redis: AppClient }> {
  const redis = await connectRedis(server.url, name)
  const cache = { store: redisStore(redis.client), keys, storeTimeoutMs: 300 }
  const app = await entra.create({ cache, clock })
  opened.push(app, redis)
  return { app, redis }
}

const tokenOf = async (app: ConfidentialClient) =>
  (await app.acquireTokenForApp({ scopes: [GRAPH] })).accessToken

async function restart(): Promise<void> {
  const { port } = server
  await server.stop()
  server = await startRedis({ port })
}

const testWithRedis = test.skipIf(!findRedis())

testWithRedis.each(clientPackages)(
  'memory serves while Redis is stopped, and Redis gets the tokens back (%s)',
  async (name) => {
    const [one, two] = [await machine(name), await machine(name)]
    const token = await tokenOf(one.app)
    expect(await tokenOf(two.app)).toBe(token)
    const { port } = server
    await server.stop()
    for (const { app } of [one, two]) expect(await tokenOf(app)).toBe(token)
    // A token that nobody holds needs one request of each machine.
    const scopes = [`${entra.idp.api}/.default`]
    const calls = Array.from({ length: 20 }, () => one.app.acquireTokenForApp({ scopes }))
    expect(new Set((await Promise.all(calls)).map((result) => result.accessToken)).size).toBe(1)
    expect(one.app.health().store).toBe('down')
    expect(await entra.requests()).toBe(2)

    server = await startRedis({ port })
    await expect
      .poll(async () => {
        await one.app.acquireTokenForApp({
          scopes: ['https://management.core.windows.net/.default'],
        })
        return one.app.health().store
      })
      .toBe('up')
    await expect
      .poll(async () => (await machine(name)).app.acquireTokenForApp({ scopes: [GRAPH] }))
      .toMatchObject({ fromCache: true, accessToken: token })
  },
)

testWithRedis(
  'after a restart without records, no machine asks the provider for tokens that it holds',
  async () => {
    const machines = [await machine(), await machine(), await machine()]
    const token = await tokenOf((machines[0] ?? (await machine())).app)
    for (const { app } of machines) await tokenOf(app)
    await restart()
    for (let round = 0; round < 10; round += 1)
      for (const { app } of machines) {
        expect(await tokenOf(app)).toBe(token)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    expect(await entra.requests()).toBe(1)
  },
)

testWithRedis(
  'a Redis that hangs delays a call by the timeout once, and then no more',
  async () => {
    const { app } = await machine()
    server.freeze()
    const beganMs = performance.now()
    await tokenOf(app)
    await tokenOf(app)
    expect(performance.now() - beganMs).toBeLessThan(5000)
    expect(app.health().store).toBe('down')
    server.thaw()
  },
)

testWithRedis('a full Redis refuses writes, and the client goes on', async () => {
  const { app, redis } = await machine()
  await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
  await redis.command('CONFIG', 'SET', 'maxmemory', '1')
  const token = await tokenOf(app)
  expect(await tokenOf(app)).toBe(token)
  const assertion = await entra.idp.accessTokenFor('alice')
  const { key } = await app.longRunning.begin({ assertion, scopes: ['User.Read'] })
  clock.advance(3_600_000)
  const renewed = await app.longRunning.acquireToken({ key, scopes: ['User.Read'] })
  expect(renewed.fromCache).toBe(false)
  // The missed writes follow when there is room again.
  await redis.command('CONFIG', 'SET', 'maxmemory', '0')
  const other = await machine()
  await expect
    .poll(
      async () => {
        await app.acquireTokenForApp({ scopes: [GRAPH], forceRefresh: true })
        const call = other.app.longRunning.acquireToken({ key, scopes: ['User.Read'] })
        return call.then(({ accessToken }) => accessToken, String)
      },
      { timeout: 10_000 },
    )
    .toBe(renewed.accessToken)
})

testWithRedis(
  'a session of another machine is not lost by an outage: the error is transient',
  async () => {
    await entra.idp.control.changeSettings({ refreshTokenReuse: 'ends' })
    const [one, two] = [await machine(), await machine()]
    const assertion = await entra.idp.accessTokenFor('alice')
    const { key } = await one.app.longRunning.begin({ assertion, scopes: ['User.Read'] })
    clock.advance(3_600_000)
    server.freeze()
    const call = () => two.app.longRunning.acquireToken({ key, scopes: ['User.Read'] })
    await expect(call()).rejects.toMatchObject({ code: 'store_unavailable', isTransient: true })
    server.thaw()
    await expect
      .poll(() => call().then(() => 'renewed', String), { timeout: 10_000 })
      .toBe('renewed')
  },
)

testWithRedis('a refresh token that was rotated during an outage reaches Redis later', async () => {
  await entra.idp.control.changeSettings({ refreshTokenReuse: 'ends' })
  const [one, two] = [await machine(), await machine()]
  const assertion = await entra.idp.accessTokenFor('alice')
  const { key } = await one.app.longRunning.begin({ assertion, scopes: ['User.Read'] })
  clock.advance(3_600_000)
  await entra.idp.control.changeSettings({ latencyMs: { token: 300 } })
  await entra.idp.control.resetStats()
  const call = one.app.longRunning.acquireToken({ key, scopes: ['User.Read'] })
  await expect.poll(entra.requests).toBe(1)
  server.freeze()
  const renewed = await call
  server.thaw()
  await expect
    .poll(
      async () => {
        await one.app.acquireTokenForApp({ scopes: [GRAPH], forceRefresh: true })
        return one.app.health().store
      },
      { timeout: 10_000 },
    )
    .toBe('up')
  const elsewhere = async () =>
    (await two.app.longRunning.acquireToken({ key, scopes: ['User.Read'] })).accessToken
  await expect.poll(elsewhere, { timeout: 10_000 }).toBe(renewed.accessToken)
  clock.advance(3_600_000)
  expect(await elsewhere()).not.toBe(renewed.accessToken)
})

testWithRedis('a lost key costs requests, and no error', async () => {
  const first = await machine()
  await tokenOf(first.app)
  const second = await machine('redis', keyring(newSealKey()))
  expect(await tokenOf(second.app)).toEqual(expect.any(String))
  expect(second.app.health().unreadableRecords).toBeGreaterThan(0)
  const assertion = await entra.idp.accessTokenFor('alice')
  const { key } = await first.app.longRunning.begin({ assertion, scopes: ['User.Read'] })
  const lost = second.app.longRunning.acquireToken({ key, scopes: ['User.Read'] })
  await expect(lost).rejects.toMatchObject({ code: 'session_not_found' })
  await first.app.longRunning.acquireToken({ key, scopes: ['User.Read'] })
})

testWithRedis('nothing is in clear in Redis', async () => {
  const { app, redis } = await machine()
  const names = ['alice', 'bob']
  const assertions = await Promise.all(names.map((name) => entra.idp.accessTokenFor(name)))
  const accountIds: string[] = []
  for (const assertion of assertions) {
    const { result } = await app.longRunning.begin({ assertion, scopes: ['User.Read'] })
    accountIds.push(result.account?.homeAccountId ?? 'missing')
  }
  await tokenOf(app)
  const keys = (await redis.command('KEYS', '*')) as string[]
  const dump = await Promise.all(
    keys.map(async (key) => {
      const isSet = (await redis.command('TYPE', key)) === 'set'
      return `${key} ${String(await redis.command(isSet ? 'SMEMBERS' : 'GET', key))}`
    }),
  )
  const { accessTokens, refreshTokens, idTokens } = await entra.idp.control.issued()
  const secrets = [...accessTokens, ...refreshTokens, ...idTokens, ...assertions]
  expect(secrets.length).toBeGreaterThan(7)
  const text = dump.join('\n')
  // A short word like "bob" can be part of a sealed text by chance.
  for (const word of [...secrets, ...accountIds, 'contoso.example', 'User.Read'])
    expect(text.includes(word)).toBe(false)
})
