import {
  type Collection,
  createMemoryStore,
  type RecordStore,
  type StoreChange,
} from '@carnet/core'
import { expect, test } from 'vitest'
import { createResilientStore } from './resilient-store.ts'

const put = (collection: Collection, value: string): StoreChange => ({
  type: 'put',
  collection,
  record: { key: 'alice', tags: ['of alice'], expiresAtMs: 8e15, value },
})

/** A tab over shared storage. Its connection can be lost, and storage can fail permanently. */
async function setUp() {
  const shared = createMemoryStore()
  const told: unknown[] = []
  let connections = 0
  let isBroken = false
  let lostUpTo = 0
  const store = createResilientStore(
    () => {
      connections += 1
      const own = connections
      const ifItWorks =
        <Args extends unknown[], T>(method: (...args: Args) => Promise<T>) =>
        (...args: Args) =>
          isBroken || own <= lostUpTo ? Promise.reject(new Error('no connection')) : method(...args)
      const connection: RecordStore = {
        get: ifItWorks(shared.get),
        find: ifItWorks(shared.find),
        take: ifItWorks(shared.take),
        write: ifItWorks(shared.write),
        prune: ifItWorks(shared.prune),
        close: () => undefined,
      }
      return connection
    },
    (cause) => told.push(cause),
    { now: () => 0 },
  )
  await store.write([put('accounts', 'Alice'), put('refreshTokens', 'first')])
  await shared.write([put('accounts', 'Alice Newer'), put('refreshTokens', 'rotated')])
  return {
    store,
    told,
    connections: () => connections,
    loseConnection: () => {
      lostUpTo = connections
    },
    breakStorage: () => {
      isBroken = true
    },
  }
}

test('a refresh token that another tab rotated is read again at once after the connection was lost', async () => {
  const { store, told } = await setUp()
  store.degrade('lost')
  expect((await store.get('accounts', 'alice'))?.value).toBe('Alice')
  expect((await store.get('refreshTokens', 'alice'))?.value).toBe('rotated')
  expect(store.isDegraded()).toBe(false)
  expect(told).toEqual(['lost'])
})

test('it is also read again if the read itself fails, by key and by tag', async () => {
  const byKey = await setUp()
  byKey.loseConnection()
  expect((await byKey.store.get('refreshTokens', 'alice'))?.value).toBe('rotated')
  const byTag = await setUp()
  byTag.loseConnection()
  expect(await byTag.store.find('refreshTokens', 'of alice')).toMatchObject([{ value: 'rotated' }])
})

test('if storage stays broken, one more attempt follows, the failure is reported once, and memory is used', async () => {
  const { store, told, connections, breakStorage } = await setUp()
  breakStorage()
  expect((await store.get('refreshTokens', 'alice'))?.value).toBe('first')
  expect(connections()).toBe(2)
  expect(await store.find('refreshTokens', 'of alice')).toMatchObject([{ value: 'first' }])
  expect(connections()).toBe(3)
  expect(told).toHaveLength(1)
})

test('storage that opens but does not answer is reported once, too', async () => {
  const told: unknown[] = []
  const silent = { ...createMemoryStore(), get: () => Promise.reject(new Error('no answer')) }
  const store = createResilientStore(
    () => silent,
    (cause) => told.push(cause),
  )
  expect(await store.get('refreshTokens', 'alice')).toBeUndefined()
  expect(await store.get('refreshTokens', 'alice')).toBeUndefined()
  expect(told).toHaveLength(1)
})

test('this tab may read the token that it wrote during the failure', async () => {
  const { store, connections, breakStorage } = await setUp()
  breakStorage()
  await store.write([put('refreshTokens', 'ours')])
  expect((await store.get('refreshTokens', 'alice'))?.value).toBe('ours')
  expect(await store.find('refreshTokens', 'of alice')).toMatchObject([{ value: 'ours' }])
  expect(connections()).toBe(1)
})

test('refresh tokens that a newer version took over are not used', async () => {
  const { store, connections } = await setUp()
  store.degrade('upgraded', true)
  expect(await store.get('refreshTokens', 'alice')).toBeUndefined()
  expect(connections()).toBe(1)
})
