import { recordStoreContract } from '@carnet/core/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findRedis, type RunningRedis, startRedis } from '../../../../../scripts/redis.mjs'
import { type AppClient, clientPackages, connectRedis } from '../../testing/redis-clients.ts'
import type { StoreNews } from '../shared-store.ts'
import { redisStore } from './redis-store.ts'

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

type Clients = { own: AppClient; other: AppClient }
let server: RunningRedis
let clients: Record<(typeof clientPackages)[number], Clients>
beforeAll(async () => {
  if (!findRedis()) return
  server = await startRedis()
  const both = async (name: (typeof clientPackages)[number]) => ({
    own: await connectRedis(server.url, name),
    other: await connectRedis(server.url, name),
  })
  const all = await Promise.all(clientPackages.map(async (name) => [name, await both(name)]))
  clients = Object.fromEntries(all)
})
beforeEach(() => clients?.redis.own.command('FLUSHALL'))
afterAll(async () => {
  for (const { own, other } of Object.values(clients ?? {})) {
    own.close()
    other.close()
  }
  await server?.stop()
})

describe.skipIf(!findRedis()).each(clientPackages)('redisStore with %s', (name) => {
  for (const { name: requirement, run } of recordStoreContract(() =>
    redisStore(clients[name].own.client),
  ))
    test(requirement, run)
})

test.skipIf(!findRedis()).each(clientPackages)(
  'every key but the epoch has a lifetime (%s)',
  async (name) => {
    const { own } = clients[name]
    const store = redisStore(own.client)
    await store.write([record('{g}a', ['{g}x']), record('{g}b', ['{g}x'], { expiresAtMs: 5 })])
    for (const key of (await own.command('KEYS', '*')) as string[]) {
      const ttl = Number(await own.command('PTTL', key))
      expect([key, ttl > 0 && ttl <= 3_600_000]).toEqual([key, true])
    }
  },
)

test.skipIf(!findRedis()).each(clientPackages)(
  'the index forgets records that Redis expired or evicted (%s)',
  async (name) => {
    const { own } = clients[name]
    const store = redisStore(own.client)
    await store.write([record('{g}a', ['{g}x']), record('{g}b', ['{g}x'])])
    await own.command('DEL', 'carnet:accessTokens:{g}a')
    expect((await store.find('accessTokens', '{g}x')).map(({ key }) => key)).toEqual(['{g}b'])
    expect(await own.command('SCARD', 'carnet:tag:accessTokens:{g}x')).toBe(1)
  },
)

test.skipIf(!findRedis()).each(clientPackages)(
  'other machines hear the names of changed records, and the own machine does not (%s)',
  async (name) => {
    const { own, other } = clients[name]
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
  },
)

test.skipIf(!findRedis()).each(clientPackages)(
  'a lock orders two machines, and the lock of a machine that has ended expires (%s)',
  async (name) => {
    const { own, other } = clients[name]
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
  },
)

test.skipIf(!findRedis()).each(clientPackages)(
  'a lock that is never released ends with a typed error (%s)',
  async (name) => {
    const { own } = clients[name]
    const store = redisStore(own.client, { lockWaitMs: 300 })
    await own.command('SET', 'carnet:lock:name', 'another machine')
    await expect(store.withLock?.('name', async () => 'work')).rejects.toMatchObject({
      code: 'lock_timeout',
      isTransient: true,
    })
  },
)

test.skipIf(!findRedis()).each(clientPackages)(
  'a value that another program wrote counts as absent (%s)',
  async (name) => {
    const { own } = clients[name]
    const store = redisStore(own.client)
    await own.command('SET', 'carnet:accessTokens:{g}a', 'not ours')
    expect(await store.get('accessTokens', '{g}a')).toBeUndefined()
  },
)

test.skipIf(!findRedis()).each(clientPackages)(
  'no key, tag or value is too odd (%s)',
  async (name) => {
    const { own } = clients[name]
    const store = redisStore(own.client)
    const odd = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.constantFrom(
        '',
        ' ',
        '\n',
        '\r\n',
        '{',
        '}{',
        '{}',
        '*',
        '[a-z]',
        '\\',
        '"',
        '\u0000',
        '%s',
        '🗝',
      ),
      fc.constantFrom('accessTokens:x', 'lock:x', '__proto__', 'x'.repeat(5000)),
    )
    await fc.assert(
      fc.asyncProperty(odd, odd, odd, fc.jsonValue(), async (key, other, tag, value) => {
        fc.pre(key !== other)
        await store.write([record(key, [tag], { value }), record(other, [`${tag}.`])])
        const parsed = JSON.parse(JSON.stringify(value))
        expect((await store.get('accessTokens', key))?.value).toEqual(parsed)
        expect((await store.find('accessTokens', tag)).map((one) => one.key)).toEqual([key])
        expect(await store.get('refreshTokens', key)).toBeUndefined()
        const onlyIf = { collection: 'accessTokens', key, tag: `${tag}..` } as const
        expect(await store.write([record(other)], onlyIf)).toBe(false)
        expect((await store.take('accessTokens', key))?.value).toEqual(parsed)
        expect(await store.find('accessTokens', tag)).toEqual([])
        await store.write([{ type: 'deleteTagged', collection: 'accessTokens', tag: `${tag}.` }])
        expect(await store.get('accessTokens', other)).toBeUndefined()
      }),
      { numRuns: 40 },
    )
  },
)

test
  .skipIf(!findRedis())
  .each([
    Number.NEGATIVE_INFINITY,
    -1,
    0,
    0.5,
    4e12 + 0.4,
    8.64e15,
    Number.MAX_VALUE,
    Number.POSITIVE_INFINITY,
    Number.NaN,
  ])('a record that ends at %d has a lifetime that Redis accepts', async (expiresAtMs) => {
  const { own } = clients.redis
  const store = redisStore(own.client)
  await store.write([record('{g}a', ['{g}x'], { expiresAtMs })])
  const ttl = Number(await own.command('PTTL', 'carnet:accessTokens:{g}a'))
  expect(ttl).toBeGreaterThan(0)
  expect(ttl).toBeLessThanOrEqual(10 * 365 * 24 * 3_600_000)
  expect((await store.get('accessTokens', '{g}a'))?.value).toBe('value of {g}a')
})

test('an object that is no client is refused', () => {
  expect(() => redisStore({} as never)).toThrow('"redis" or "ioredis"')
})
