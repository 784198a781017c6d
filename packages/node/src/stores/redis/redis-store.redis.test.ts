import { recordStoreContract } from '@carnet/core/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findRedis, type RunningRedis, startRedis } from '../../../../../scripts/redis.mjs'
import { type AppClient, clientPackages, connectRedis } from '../../testing/redis-clients.ts'
import type { StoreNews } from '../shared-store.ts'
import { redisStore } from './redis-store.ts'

describe.skipIf(!findRedis()).each(clientPackages)('redisStore with %s', (name) => {
  let server: RunningRedis
  let own: AppClient
  let other: AppClient
  beforeAll(async () => {
    server = await startRedis()
    ;[own, other] = await Promise.all([
      connectRedis(server.url, name),
      connectRedis(server.url, name),
    ])
  })
  beforeEach(() => own.command('FLUSHALL'))
  afterAll(async () => {
    own.close()
    other.close()
    await server.stop()
  })

  for (const { name: requirement, run } of recordStoreContract(() => redisStore(own.client)))
    test(requirement, run)

  const record = (key: string, tags: string[] = [], fields = {}) =>
    ({
      type: 'put',
      collection: 'accessTokens',
      record: {
        key,
        tags,
        expiresAtMs: Date.now() + 3_600_000,
        value: `value of ${key}`,
        ...fields,
      },
    }) as const

  test('every key but the epoch has a lifetime', async () => {
    const store = redisStore(own.client)
    await store.write([record('{g}a', ['{g}x']), record('{g}b', ['{g}x'], { expiresAtMs: 5 })])
    for (const key of (await own.command('KEYS', '*')) as string[]) {
      const ttl = Number(await own.command('PTTL', key))
      expect([key, ttl > 0 && ttl <= 3_600_000]).toEqual([key, true])
    }
  })

  test('the index forgets records that Redis expired or evicted', async () => {
    const store = redisStore(own.client)
    await store.write([record('{g}a', ['{g}x']), record('{g}b', ['{g}x'])])
    await own.command('DEL', 'carnet:accessTokens:{g}a')
    expect((await store.find('accessTokens', '{g}x')).map(({ key }) => key)).toEqual(['{g}b'])
    expect(await own.command('SCARD', 'carnet:tag:accessTokens:{g}x')).toBe(1)
  })

  test('other machines hear the names of changed records, and the own machine does not', async () => {
    const [here, there] = [redisStore(own.client), redisStore(other.client)]
    const heard: Record<string, StoreNews[]> = { here: [], there: [] }
    here.onChange?.((news) => void heard.here?.push(news))
    there.onChange?.((news) => void heard.there?.push(news))
    await expect
      .poll(async () => String(await own.command('PUBSUB', 'NUMSUB', 'carnet:changes')))
      .toBe('carnet:changes,2')
    await here.write([record('{g}a', ['{g}x']), record('{g}b', ['{g}x'])])
    await here.write([{ type: 'deleteTagged', collection: 'accessTokens', tag: '{g}x' }])
    await expect.poll(() => heard.there?.length).toBe(2)
    const names = ['{g}a', '{g}b']
    const sorted = heard.there?.map((news) => JSON.parse(JSON.stringify(news)))
    for (const news of sorted ?? [])
      for (const list of Object.values(news)) (list as string[]).sort()
    expect(sorted).toEqual([
      { put: names, deleted: [] },
      { put: [], deleted: names },
    ])
    expect(heard.here).toEqual([])
    here.close()
    there.close()
  })

  test('a lock orders two machines, and the lock of a machine that has ended expires', async () => {
    const [here, there] = [
      redisStore(own.client, { lockMs: 300 }),
      redisStore(other.client, { lockMs: 300 }),
    ]
    const order: string[] = []
    await own.command('SET', 'carnet:lock:name', 'a machine that has ended', 'PX', '300')
    const work = (name: string) => async () => {
      order.push(`${name} begins`)
      await new Promise((resolve) => setTimeout(resolve, 400))
      order.push(`${name} ends`)
      return name
    }
    const both = [here.withLock?.('name', work('a')), there.withLock?.('name', work('b'))]
    expect(await Promise.all(both)).toEqual(['a', 'b'])
    const [first = ''] = order[0]?.split(' ') ?? []
    const second = first === 'a' ? 'b' : 'a'
    expect(order).toEqual([
      `${first} begins`,
      `${first} ends`,
      `${second} begins`,
      `${second} ends`,
    ])
    await expect.poll(() => own.command('EXISTS', 'carnet:lock:name')).toBe(0)
  })

  test('a lock that is never released ends with a typed error', async () => {
    const store = redisStore(own.client, { lockWaitMs: 300 })
    await own.command('SET', 'carnet:lock:name', 'another machine')
    await expect(store.withLock?.('name', async () => 'work')).rejects.toMatchObject({
      code: 'lock_timeout',
      isTransient: true,
    })
  })

  test('a value that another program wrote counts as absent', async () => {
    const store = redisStore(own.client)
    await own.command('SET', 'carnet:accessTokens:{g}a', 'not ours')
    expect(await store.get('accessTokens', '{g}a')).toBeUndefined()
  })
})

test('an object that is no client is refused', () => {
  expect(() => redisStore({} as never)).toThrow('"redis" or "ioredis"')
})
