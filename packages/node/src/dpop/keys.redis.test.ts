import { afterEach, beforeEach, expect, test } from 'vitest'
import { findRedis, type RunningRedis, startRedis } from '../../../../scripts/redis.mjs'
import { keyring, newSealKey } from '../cache/keyring.ts'
import { redisStore } from '../stores/redis/redis-store.ts'
import { BOUND_SCOPES, boundTo, startBoundApp } from '../testing/bound-app.ts'
import { forEachFile } from '../testing/for-each-file.ts'
import { clientPackages, connectRedis } from '../testing/redis-clients.ts'

const world = forEachFile(startBoundApp)
const scopes = BOUND_SCOPES
const keys = keyring(newSealKey())
const opened: { close(): unknown }[] = []
let server: RunningRedis

beforeEach(async () => {
  if (findRedis()) server = await startRedis()
})
afterEach(async () => {
  for (const one of opened.splice(0)) one.close()
  await server?.stop()
})

async function machine(name: (typeof clientPackages)[number] = 'redis') {
  const redis = await connectRedis(server.url, name)
  const cache = { store: redisStore(redis.client), keys, storeTimeoutMs: 300 }
  const app = await world.create({ cache })
  opened.push(app, redis)
  return app
}

const fresh = async (app: Awaited<ReturnType<typeof machine>>) =>
  app.acquireTokenForApp({ scopes, forceRefresh: true })
const keyOf = async (app: Awaited<ReturnType<typeof machine>>) =>
  boundTo((await fresh(app)).accessToken)

const testWithRedis = test.skipIf(!findRedis())

testWithRedis.each(clientPackages)(
  'four machines create one key, which survives a restart without records (%s)',
  async (name) => {
    const all = await Promise.all([1, 2, 3, 4].map(() => machine(name)))
    const [key, ...others] = await Promise.all(all.map(keyOf))
    expect(others).toEqual([key, key, key])
    const { port } = server
    await server.stop()
    server = await startRedis({ port })
    // The machines write their key again when they hear of the loss.
    await expect.poll(async () => keyOf(await machine(name)), { timeout: 15_000 }).toBe(key)
  },
  30_000,
)

testWithRedis(
  'a machine that starts during an outage has a key of its own, until later',
  async () => {
    const first = await machine()
    const key = await keyOf(first)
    const second = await machine()
    const { port } = server
    await server.stop()
    const result = await fresh(second)
    expect(boundTo(result.accessToken)).not.toBe(key)
    expect((await second.fetch(result, world.api('echo'))).status).toBe(200)
    server = await startRedis({ port })
    // Both keys reach the store, so that each machine can prove the tokens of the other.
    const held = async () => {
      const third = await machine()
      await fresh(third)
      return third.authorize(result, { method: 'GET', url: world.api('echo') }).then(
        () => true,
        () => false,
      )
    }
    await expect.poll(held, { timeout: 15_000 }).toBe(true)
  },
  30_000,
)
