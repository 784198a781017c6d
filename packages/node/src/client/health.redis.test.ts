import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { findRedis, type RunningRedis, startRedis } from '../../../../scripts/redis.mjs'
import { keyring, newSealKey } from '../cache/keyring.ts'
import { redisStore } from '../stores/redis/redis-store.ts'
import { type AppClient, connectRedis } from '../testing/redis-clients.ts'
import { GRAPH, startEntraService } from '../testing/service.ts'

let entra: Awaited<ReturnType<typeof startEntraService>>
let server: RunningRedis
let admin: AppClient
const opened: { close(): void }[] = []

beforeAll(async () => {
  if (!findRedis()) return
  ;[entra, server] = await Promise.all([startEntraService(), startRedis()])
  admin = await connectRedis(server.url)
})
afterEach(async () => {
  for (const one of opened.splice(0)) one.close()
  await admin?.command('FLUSHALL')
})
afterAll(async () => {
  admin?.close()
  await Promise.all([server?.stop(), entra?.idp.close()])
})

/** A service whose user of Redis has no rights of an administrator. @param more Further rights. */
async function service(...more: string[]) {
  const rights = ['~carnet:*', '&carnet:*', '+@all', '-@admin', '-@dangerous', ...more]
  await admin.command('ACL', 'SETUSER', 'service', 'reset', 'on', '>pass', ...rights)
  const redis = await connectRedis(server.url.replace('//', '//service:pass@'))
  const cache = { store: redisStore(redis.client), keys: keyring(newSealKey()) }
  const app = await entra.create({ cache })
  opened.push(app, redis)
  await app.acquireTokenForApp({ scopes: [GRAPH] })
  return app
}

const testWithRedis = test.skipIf(!findRedis())
const limit = ['CONFIG', 'SET', 'maxmemory', '50mb', 'maxmemory-policy'] as const

testWithRedis.each([
  ['allkeys-lru', 1],
  ['volatile-lfu', 1],
  ['volatile-ttl', 0],
  ['noeviction', 0],
])(
  'the policy %s of Redis brings %i warnings, without rights of an administrator',
  async (policy, count) => {
    await admin.command(...limit, policy)
    entra.logged.length = 0
    expect(await redisStore(admin.client).warnings?.()).toHaveLength(count)
    const app = await service('+info')
    await expect.poll(() => app.health().storeWarnings.length).toBe(count)
    const warnings = entra.logged.filter((line) => line.includes(policy))
    expect(warnings.length).toBe(count)
  },
)

testWithRedis('a Redis without a limit for its memory evicts nothing', async () => {
  await admin.command('CONFIG', 'SET', 'maxmemory', '0', 'maxmemory-policy', 'allkeys-lru')
  const app = await service('+info')
  await expect.poll(() => app.health().storeLatencyMs).toBeGreaterThan(0)
  expect(app.health().storeWarnings).toEqual([])
})

testWithRedis('a Redis that hides its settings serves all the same', async () => {
  await admin.command(...limit, 'allkeys-lru')
  const app = await service()
  expect(app.health()).toMatchObject({ store: 'up', storeWarnings: [], locks: { taken: 1 } })
})

testWithRedis('health tells the latency of Redis, and the wait for a lock', async () => {
  const app = await service('+info')
  const { storeLatencyMs, locks } = app.health()
  expect(storeLatencyMs).toBeGreaterThan(0)
  expect(locks).toEqual({ taken: 1, longestWaitMs: expect.any(Number) })
})

test('without a store, there is no latency', async () => {
  const own = await startEntraService()
  const app = await own.create()
  expect(app.health()).toMatchObject({
    store: 'none',
    storeLatencyMs: undefined,
    storeWarnings: [],
  })
  await own.idp.close()
})
