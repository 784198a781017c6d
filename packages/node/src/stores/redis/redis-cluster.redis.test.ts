import { recordStoreContract } from '@carnet/core/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  findRedis,
  type RunningRedisCluster,
  startRedisCluster,
} from '../../../../../scripts/redis.mjs'
import { keyring, newSealKey } from '../../cache/keyring.ts'
import { clientPackages, connectCluster } from '../../testing/redis-clients.ts'
import { startEntraService } from '../../testing/service.ts'
import { redisStore } from './redis-store.ts'

type Connected = Awaited<ReturnType<typeof connectCluster>>
let cluster: RunningRedisCluster
let entra: Awaited<ReturnType<typeof startEntraService>>
const connected: Connected[] = []

beforeAll(async () => {
  if (!findRedis()) return
  ;[cluster, entra] = await Promise.all([startRedisCluster(), startEntraService()])
})
afterAll(async () => {
  for (const one of connected) one.close()
  await Promise.all([cluster?.stop(), entra?.idp.close()])
})

async function connect(name: (typeof clientPackages)[number]): Promise<Connected> {
  const one = await connectCluster(cluster.urls, name)
  connected.push(one)
  return one
}

/** Two machines, each with a connection of its own. */
async function twoApps(name: (typeof clientPackages)[number]) {
  const keys = keyring(newSealKey())
  const prefix = `${name}-${newSealKey().slice(0, 8)}:`
  const create = async () => {
    const store = redisStore((await connect(name)).client, { prefix })
    return { store, app: await entra.create({ cache: { store, keys } }) }
  }
  return [await create(), await create()] as const
}

describe.skipIf(!findRedis()).each(clientPackages)('a Redis Cluster with %s', (name) => {
  test('keeps tokens of many owners on all nodes, and every machine reads them', async () => {
    const [one, two] = await twoApps(name)
    const resources = Array.from({ length: 12 }, (_, index) => [`api://api-${index}/.default`])
    for (const scopes of resources) await one.app.acquireTokenForApp({ scopes })
    await entra.idp.control.resetStats()
    for (const scopes of resources)
      expect((await two.app.acquireTokenForApp({ scopes })).fromCache).toBe(true)
    expect(await entra.requests()).toBe(0)
    const { store } = one
    const expiresAtMs = Date.now() + 60_000
    const owners = Array.from({ length: 12 }, (_, index) => `{owner-${index}}`)
    const record = (owner: string) => ({
      key: `${owner}a`,
      tags: [`${owner}t`],
      expiresAtMs,
      value: owner,
    })
    for (const owner of owners)
      await store.write([{ type: 'put', collection: 'accounts', record: record(owner) }])
    for (const owner of owners)
      expect(await store.find('accounts', `${owner}t`)).toEqual([record(owner)])
  })

  test('rotates the refresh token of a session once, and the other machine hears of its end', async () => {
    await entra.idp.control.changeSettings({ refreshTokenReuse: 'ends' })
    const [one, two] = await twoApps(name)
    const assertion = await entra.idp.accessTokenFor('alice')
    const scopes = ['User.Read']
    const { key } = await one.app.longRunning.begin({ assertion, scopes })
    await entra.idp.control.resetStats()
    const forced = { key, scopes, forceRefresh: true }
    await Promise.all([one, two].map(({ app }) => app.longRunning.acquireToken(forced)))
    const again = await two.app.longRunning.acquireToken({ key, scopes })
    expect(again.account?.username).toBe('alice@contoso.example')
    await one.app.longRunning.end(key)
    await expect
      .poll(() => two.app.longRunning.acquireToken({ key, scopes }).then(() => 'alive', codeOf))
      .toBe('session_not_found')
    await entra.idp.control.reset()
  })
})

describe.skipIf(!findRedis())('the contract of a store, in a Redis Cluster', () => {
  let client: Connected['client']
  let stores = 0
  beforeAll(async () => {
    client = (await connect('redis')).client
  })
  // All records of one write are in one slot, as the sealed store names them. Expired records go by their lifetimes.
  for (const { name, run } of recordStoreContract(() =>
    redisStore(client, { prefix: `contract-${++stores}:{slot}` }),
  ).filter(({ name }) => !name.includes('prune')))
    test(name, run)
})

const codeOf = (error: unknown) => String((error as { code?: unknown }).code)
