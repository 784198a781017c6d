import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { findRedis, type RunningRedis, startRedis } from '../../../../scripts/redis.mjs'
import type { ConfidentialClientOptions } from '../api/options.ts'
import { keyring } from '../cache/keyring.ts'
import { clientSecret } from '../credentials/client-secret.ts'
import { redisStore } from '../stores/redis/redis-store.ts'
import { connectRedis } from '../testing/redis-clients.ts'
import { API, GRAPH, SECRET, startEntraService } from '../testing/service.ts'

const OTHER_CLIENT = '33333333-bbbb-4bbb-8bbb-000000000004'
const scopes = ['User.Read']
const ring = keyring(`k:${'ab'.repeat(32)}`)
const testWithRedis = test.skipIf(!findRedis())
const opened: { close(): void }[] = []
let entra: Awaited<ReturnType<typeof startEntraService>>
let server: RunningRedis

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

async function machine(more: Partial<ConfidentialClientOptions> = {}) {
  const redis = await connectRedis(server.url, 'redis')
  const app = await entra.create({
    cache: { store: redisStore(redis.client), keys: ring },
    ...more,
  })
  opened.push(app, redis)
  return { app, command: redis.command }
}

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

/** Reads every record of a collection. */
async function recordsOf(command: Awaited<ReturnType<typeof machine>>['command'], kind: string) {
  const keys = ((await command('KEYS', `carnet:${kind}:*`)) as string[]).sort()
  const values = await Promise.all(keys.map(async (key) => String(await command('GET', key))))
  return { keys, values }
}

testWithRedis('records that somebody exchanges in Redis give no user a foreign token', async () => {
  const { app, command } = await machine()
  const users = ['alice', 'bob', 'carol']
  const assertions = await Promise.all(users.map((name) => entra.idp.accessTokenFor(name)))
  for (const [index, assertion] of assertions.entries()) {
    await app.acquireTokenOnBehalfOf({ assertion, scopes })
    await app.longRunning.begin({ assertion, scopes, key: `job ${index}` })
  }
  // Each record gets the value of its neighbour: tokens, refresh tokens, and the details of users.
  for (const kind of ['accessTokens', 'refreshTokens', 'accounts']) {
    const { keys, values } = await recordsOf(command, kind)
    expect(keys.length).toBeGreaterThan(2)
    for (const [index, key] of keys.entries())
      await command('SET', key, values[(index + 1) % values.length] ?? '', 'PX', '60000')
  }
  const other = await machine()
  for (const [index, assertion] of assertions.entries()) {
    const job = other.app.longRunning.acquireToken({ key: `job ${index}`, scopes })
    await expect(job).rejects.toMatchObject({ code: 'session_not_found' })
    const { accessToken, account } = await other.app.acquireTokenOnBehalfOf({ assertion, scopes })
    const { oid } = claimsOf(assertion)
    expect(claimsOf(accessToken).oid).toBe(oid)
    expect(account?.localAccountId).toBe(oid)
  }
  expect(other.app.health().unreadableRecords).toBeGreaterThan(5)
})

testWithRedis(
  'a record that somebody copies to another collection or key is not read',
  async () => {
    const { app, command } = await machine()
    const assertion = await entra.idp.accessTokenFor('alice')
    await app.longRunning.begin({ assertion, scopes, key: 'hers' })
    const { keys: refreshKeys } = await recordsOf(command, 'refreshTokens')
    const { keys, values } = await recordsOf(command, 'accessTokens')
    await command('SET', refreshKeys[0] ?? '', values[0] ?? '', 'PX', '60000')
    await command('DEL', ...keys)
    const other = await machine()
    await expect(other.app.longRunning.acquireToken({ key: 'hers', scopes })).rejects.toMatchObject(
      { code: 'session_not_found' },
    )
    expect(other.app.health().unreadableRecords).toBeGreaterThan(0)
  },
)

testWithRedis('two tenants with the same client id share a Redis, and no token', async () => {
  const { app: home } = await machine()
  const { app: guest } = await machine({ authority: entra.idp.authority('guest') })
  const call = async (app: typeof home) =>
    (await app.acquireTokenForApp({ scopes: [GRAPH] })).accessToken
  const [atHome, atGuest] = [await call(home), await call(guest)]
  expect(claimsOf(atHome).tid).not.toBe(claimsOf(atGuest).tid)
  // The same assertion, and the same key of a session, are other owners in another tenant.
  const assertion = await entra.idp.accessTokenFor('alice')
  await home.longRunning.begin({ assertion, scopes, key: 'job' })
  await expect(guest.longRunning.acquireToken({ key: 'job', scopes })).rejects.toMatchObject({
    code: 'session_not_found',
  })
  await home.clearApp()
  await home.longRunning.end('job')
  expect(await call(guest)).toBe(atGuest)
  const { app: later } = await machine({ authority: entra.idp.authority('guest') })
  expect(await call(later)).toBe(atGuest)
  expect(await call(home)).not.toBe(atHome)
})

testWithRedis('two clients of one tenant share a Redis, and no session', async () => {
  const { app } = await machine()
  const { app: other } = await machine({
    clientId: OTHER_CLIENT,
    credential: clientSecret(SECRET),
  })
  const assertion = await entra.idp.accessTokenFor('alice')
  await app.longRunning.begin({ assertion, scopes, key: 'job' })
  await expect(other.longRunning.acquireToken({ key: 'job', scopes })).rejects.toMatchObject({
    code: 'session_not_found',
  })
  await other.longRunning.end('job')
  const { accessToken } = await app.longRunning.acquireToken({ key: 'job', scopes })
  expect(claimsOf(accessToken).azp ?? claimsOf(accessToken).appid).toBe(API)
})
