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

/** A tab over what all tabs share; its connection can be lost, and storage be broken for good. */
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

test('a refresh token that another tab rotated is read anew at once when the connection was lost', async () => {
  const { store, told } = await setUp()
  store.degrade('lost')
  expect((await store.get('accounts', 'alice'))?.value).toBe('Alice')
  expect((await store.get('refreshTokens', 'alice'))?.value).toBe('rotated')
  expect(store.isDegraded()).toBe(false)
  expect(told).toEqual(['lost'])
})

test('so it is where the read itself fails, by key and by tag', async () => {
  const byKey = await setUp()
  byKey.loseConnection()
  expect((await byKey.store.get('refreshTokens', 'alice'))?.value).toBe('rotated')
  const byTag = await setUp()
  byTag.loseConnection()
  expect(await byTag.store.find('refreshTokens', 'of alice')).toMatchObject([{ value: 'rotated' }])
})

test('where storage stays broken, one more try is made, nobody is told twice, and memory answers', async () => {
  const { store, told, connections, breakStorage } = await setUp()
  breakStorage()
  expect((await store.get('refreshTokens', 'alice'))?.value).toBe('first')
  expect(connections()).toBe(2)
  expect(await store.find('refreshTokens', 'of alice')).toMatchObject([{ value: 'first' }])
  expect(connections()).toBe(3)
  expect(told).toHaveLength(1)
})

test('storage that opens and does not answer is told once, too', async () => {
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

test('what this tab wrote meanwhile is its own to read', async () => {
  const { store, connections, breakStorage } = await setUp()
  breakStorage()
  await store.write([put('refreshTokens', 'ours')])
  expect((await store.get('refreshTokens', 'alice'))?.value).toBe('ours')
  expect(await store.find('refreshTokens', 'of alice')).toMatchObject([{ value: 'ours' }])
  expect(connections()).toBe(1)
})

test('what a newer Carnet took over is left to it', async () => {
  const { store, connections } = await setUp()
  store.degrade('upgraded', true)
  expect(await store.get('refreshTokens', 'alice')).toBeUndefined()
  expect(connections()).toBe(1)
})
