import { type Collection, createMemoryStore, type StoreChange } from '@carnet/core'
import { expect, test, vi } from 'vitest'
import { openFirstReads } from '../startup/cache/first-reads.ts'
import { openStore } from './open-store.ts'

const put = (collection: Collection, key: string): StoreChange => ({
  type: 'put',
  collection,
  record: { key, tags: ['x'], expiresAtMs: 8e15, value: 's3cret' },
})
const everybody = Array.from({ length: 30 }, (_, index) => put('accounts', `account-${index}`))
const signOut: StoreChange = { type: 'deleteTagged', collection: 'accounts', tag: 'x' }

/** Two tabs of one cache; the first has read all of it, and can lose its connection. */
async function twoTabs() {
  const name = `test-${crypto.randomUUID()}`
  const other = await openStore({ location: 'indexeddb', name }, () => undefined)
  await other.write([...everybody, put('refreshTokens', 'alice')])
  const first = openFirstReads(name)
  const onHealed = vi.fn()
  const store = await openStore({ location: 'indexeddb', name }, () => undefined, {
    first,
    onHealed,
  })
  await store.find('accounts', 'x')
  await store.get('refreshTokens', 'alice')
  return {
    name,
    store,
    other,
    onHealed,
    async loseConnection() {
      const connection = await first.opening
      connection.close()
      await store.find('accounts', 'x')
      expect(store.isDegraded()).toBe(true)
    },
  }
}

test('a sign-out of another tab, during a storage failure of this tab, is not undone', async () => {
  const { store, other, onHealed, loseConnection } = await twoTabs()
  await loseConnection()
  await other.write([signOut, { type: 'delete', collection: 'refreshTokens', key: 'alice' }])
  expect(await store.get('refreshTokens', 'alice')).toBeUndefined()
  expect(store.isDegraded()).toBe(false)
  expect(onHealed).toHaveBeenCalledOnce()
  expect(await store.find('accounts', 'x')).toEqual([])
  expect(await other.find('accounts', 'x')).toEqual([])
  store.close()
  other.close()
})

test('a deleted database has another key: the records of this tab are written there, once', async () => {
  const { name, store, other, onHealed } = await twoTabs()
  other.close()
  await new Promise((resolve) => {
    indexedDB.deleteDatabase(name).onsuccess = resolve
  })
  await expect.poll(() => store.isDegraded()).toBe(true)
  expect((await store.get('refreshTokens', 'alice'))?.value).toBe('s3cret')
  expect(onHealed).toHaveBeenCalledOnce()
  const after = await openStore({ location: 'indexeddb', name }, () => undefined)
  expect(await after.find('accounts', 'x')).toHaveLength(30)
  store.close()
  after.close()
})

test('a store of the app is shared: other clients removed the missing records', async () => {
  const own = createMemoryStore()
  let works = true
  const find: typeof own.find = (...name) =>
    works ? own.find(...name) : Promise.reject(new Error('the bridge is down'))
  const onHealed = vi.fn()
  const store = await openStore(
    { location: 'indexeddb', name: `test-${crypto.randomUUID()}`, store: { ...own, find } },
    () => undefined,
    { onHealed },
  )
  await store.write([put('accounts', 'alice')])
  works = false
  expect(await store.find('accounts', 'x')).toHaveLength(1)
  works = true
  await own.write([signOut])
  expect(await store.find('refreshTokens', 'x')).toEqual([])
  expect(onHealed).toHaveBeenCalledOnce()
  expect(await store.find('accounts', 'x')).toEqual([])
  store.close()
})
