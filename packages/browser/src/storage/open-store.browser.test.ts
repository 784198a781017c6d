import { type Collection, createMemoryStore, type StoreChange } from '@carnet/core'
import { afterEach, describe, expect, test } from 'vitest'
import { UPGRADES } from '../startup/cache/database.ts'
import { openDatabase } from './idb-database.ts'
import { openStore } from './open-store.ts'

const uniqueName = () => `test-${crypto.randomUUID()}`
const LOCATIONS = ['indexeddb', 'session', 'memory'] as const
const put = (collection: Collection, key: string): StoreChange => ({
  type: 'put',
  collection,
  record: { key, tags: ['x'], expiresAtMs: 8e15, value: 's3cret' },
})

async function open(location: (typeof LOCATIONS)[number], name: string) {
  const told: unknown[] = []
  const store = await openStore({ location, name }, (cause) => told.push(cause))
  return { store, told }
}

/** Takes the database of `name` for a version of Carnet that is yet to come: ours cannot open it. */
async function occupy(name: string): Promise<void> {
  const database = await openDatabase(name, () => undefined, [...UPGRADES, () => undefined])
  database.close()
}

afterEach(() => {
  for (const key of Object.keys(sessionStorage))
    if (key.startsWith('carnet|')) sessionStorage.removeItem(key)
})

describe.each(LOCATIONS)('location %s', (location) => {
  test('keeps tokens until the page closes', async () => {
    const { store, told } = await open(location, uniqueName())
    await store.write([put('accessTokens', 'a'), put('transactions', 't')])
    expect((await store.get('accessTokens', 'a'))?.value).toBe('s3cret')
    expect(await store.find('accessTokens', 'x')).toHaveLength(1)
    expect((await store.take('transactions', 't'))?.value).toBe('s3cret')
    expect([store.isDegraded(), told.length]).toEqual([false, 0])
    store.close()
  })

  test('keeps a pending sign-in over a navigation', async () => {
    const name = uniqueName()
    const before = (await open(location, name)).store
    await before.write([put('transactions', 't')])
    before.close()
    const { store } = await open(location, name)
    expect((await store.take('transactions', 't'))?.value).toBe('s3cret')
    store.close()
  })

  test('keeps tokens over a reload, unless it is memory', async () => {
    const name = uniqueName()
    const before = (await open(location, name)).store
    await before.write([put('accessTokens', 'a'), put('metadata', 'm')])
    before.close()
    const { store } = await open(location, name)
    expect((await store.get('accessTokens', 'a')) !== undefined).toBe(location !== 'memory')
    expect(await store.get('metadata', 'm')).toBeDefined()
    store.close()
  })

  test('prunes all stores', async () => {
    const { store } = await open(location, uniqueName())
    await store.write([put('accessTokens', 'a'), put('transactions', 't')])
    await store.prune(9e15)
    expect(await store.get('accessTokens', 'a')).toBeUndefined()
    expect(await store.get('transactions', 't')).toBeUndefined()
    store.close()
  })

  test('continues in memory if IndexedDB does not open, and reports it once', async () => {
    const name = uniqueName()
    await occupy(name)
    const { store, told } = await open(location, name)
    await store.write([put('accessTokens', 'a')])
    await store.write([put('transactions', 't')])
    expect((await store.get('accessTokens', 'a'))?.value).toBe('s3cret')
    expect((await store.take('transactions', 't'))?.value).toBe('s3cret')
    expect(store.isDegraded()).toBe(true)
    expect(told).toHaveLength(1)
    store.close()
  })

  test('writes with a condition, in each store', async () => {
    const { store } = await open(location, uniqueName())
    await store.write([put('accounts', 'alice'), put('transactions', 't')])
    for (const collection of ['accounts', 'transactions'] as const) {
      const key = collection === 'accounts' ? 'alice' : 't'
      const changes = [put('accessTokens', collection), put('metadata', collection)]
      expect(await store.write(changes, { collection, key: 'none' })).toBe(false)
      expect(await store.get('accessTokens', collection)).toBeUndefined()
      expect(await store.get('metadata', collection)).toBeUndefined()
      expect(await store.write(changes, { collection, key })).toBe(true)
      expect(await store.get('accessTokens', collection)).toBeDefined()
      expect(await store.get('metadata', collection)).toBeDefined()
    }
    store.close()
  })
})

test('sessionStorage contains no unencrypted secret', async () => {
  const { store } = await open('session', uniqueName())
  await store.write([put('accessTokens', 'a')])
  const texts = Object.keys(sessionStorage)
    .filter((key) => key.startsWith('carnet|'))
    .map((key) => sessionStorage.getItem(key) ?? '')
  expect(texts).toHaveLength(1)
  for (const text of texts) {
    expect(text).not.toContain('s3cret')
    expect(text).not.toContain(btoa('"s3cret"').slice(0, 8))
  }
  store.close()
})

test('if another version takes over the database, the client continues in memory', async () => {
  const name = uniqueName()
  const { store, told } = await open('indexeddb', name)
  await store.write([put('accessTokens', 'a')])
  await occupy(name)
  expect((await store.get('accessTokens', 'a'))?.value).toBe('s3cret')
  await store.write([put('accessTokens', 'b')])
  expect(await store.find('accessTokens', 'x')).toHaveLength(2)
  expect(String(told[0])).toContain('upgrades or deletes')
  expect(told).toHaveLength(1)
})

describe('a store of the app', () => {
  const openWith = async (name: string, own = createMemoryStore()) => {
    const told: unknown[] = []
    const options = { location: 'indexeddb', name, store: own } as const
    return { own, told, store: await openStore(options, (cause) => told.push(cause)) }
  }

  test('gets the encrypted tokens; pending sign-ins stay in IndexedDB', async () => {
    const name = uniqueName()
    const { own, store } = await openWith(name)
    await store.write([put('accessTokens', 'a'), put('transactions', 't')])
    expect(own.all().map(({ collection }) => collection)).toEqual(['accessTokens'])
    expect(JSON.stringify(own.all())).not.toContain('s3cret')
    expect((await store.get('accessTokens', 'a'))?.value).toBe('s3cret')
    store.close()

    const after = await openWith(name, own)
    expect((await after.store.find('accessTokens', 'x'))[0]?.value).toBe('s3cret')
    expect((await after.store.take('transactions', 't'))?.value).toBe('s3cret')
    expect(after.told).toEqual([])
    after.store.close()
  })

  test('that rejects only loses the tokens at the next load', async () => {
    const own = createMemoryStore()
    const broken = { ...own, write: () => Promise.reject(new Error('the bridge is down')) }
    const { store, told } = await openWith(uniqueName(), broken)
    await store.write([put('accessTokens', 'a')])
    expect((await store.get('accessTokens', 'a'))?.value).toBe('s3cret')
    expect(told).toMatchObject([{ message: 'the bridge is down' }])
    store.close()
  })

  test('is not closed with the client', async () => {
    const closed: string[] = []
    const own = { ...createMemoryStore(), close: () => void closed.push('closed') }
    const { store } = await openWith(uniqueName(), own)
    store.close()
    expect(closed).toEqual([])
  })
})

test('a missing key makes its records unreadable: this is reported once, and storage continues to work', async () => {
  const name = uniqueName()
  const before = (await open('indexeddb', name)).store
  await before.write([put('accessTokens', 'a'), put('accounts', 'b'), put('metadata', 'm')])
  before.close()
  const database = await openDatabase(name, () => undefined)
  await database.clear('keys')
  database.close()

  const { store, told } = await open('indexeddb', name)
  expect(await store.get('accessTokens', 'a')).toBeUndefined()
  expect(await store.find('accounts', 'x')).toEqual([])
  expect((await store.get('metadata', 'm'))?.value).toBe('s3cret')
  await store.write([put('accessTokens', 'c')])
  store.close()
  const after = await open('indexeddb', name)
  expect((await after.store.get('accessTokens', 'c'))?.value).toBe('s3cret')
  expect([told.length, after.told.length]).toEqual([1, 0])
  expect(store.isDegraded()).toBe(false)
  after.store.close()
})
