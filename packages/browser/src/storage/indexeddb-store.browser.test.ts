import type { StoreChange } from '@carnet/core'
import { expect, test } from 'vitest'
import { openDatabase } from './idb-database.ts'
import { createIndexedDbStore } from './indexeddb-store.ts'

const uniqueName = () => `test-${crypto.randomUUID()}`
const put = (key: string, value: unknown): StoreChange => ({
  type: 'put',
  collection: 'accessTokens',
  record: { key, tags: [], expiresAtMs: 1, value },
})
const open = (name: string) => createIndexedDbStore(openDatabase(name, () => undefined))

test('if one change of a write fails, no change is applied', async () => {
  const store = open(uniqueName())
  await store.write([put('a', 'old')])
  const cannotBeCloned = () => undefined
  await expect(store.write([put('a', 'new'), put('b', cannotBeCloned)])).rejects.toThrow()
  expect((await store.get('accessTokens', 'a'))?.value).toBe('old')
  store.close()
})

test('records survive the connection', async () => {
  const name = uniqueName()
  const before = open(name)
  await before.write([put('a', 'kept')])
  before.close()
  const after = open(name)
  expect((await after.get('accessTokens', 'a'))?.value).toBe('kept')
  after.close()
})

test('a record can be taken once, for any number of connections', async () => {
  const name = uniqueName()
  const stores = Array.from({ length: 4 }, () => open(name))
  await stores[0]?.write([put('a', 'one')])
  const taken = await Promise.all(stores.map((store) => store.take('accessTokens', 'a')))
  expect(taken.filter(Boolean)).toHaveLength(1)
  for (const store of stores) store.close()
})

/** A page that the browser stores and restores when the test says so. */
function createStoredPage() {
  const listeners = { stored: new Set<() => void>(), restored: new Set<() => void>() }
  const on = (which: 'stored' | 'restored') => (callback: () => void) => {
    listeners[which].add(callback)
    return () => void listeners[which].delete(callback)
  }
  const tell = (which: 'stored' | 'restored') => () => {
    for (const callback of [...listeners[which]]) callback()
  }
  return {
    listeners,
    page: { onStored: on('stored'), onRestored: on('restored') },
    hide: tell('stored'),
    show: tell('restored'),
  }
}

/** Begins a write, which waits for the keys of a tag. */
async function beginWrite(store: ReturnType<typeof open>): Promise<{ written: Promise<unknown> }> {
  const written = store.write([
    put('a', 'new'),
    { type: 'deleteTagged', collection: 'accessTokens', tag: 't' },
  ])
  for (let turn = 0; turn < 3; turn++) await Promise.resolve()
  return { written }
}

test('a write that a left page has not finished runs again, as a whole, when the user comes back', async () => {
  const name = uniqueName()
  const opening = openDatabase(name, () => undefined)
  await opening
  const { page, hide, show, listeners } = createStoredPage()
  const store = createIndexedDbStore(opening, page)
  await store.write([put('a', 'old')])
  let isWritten = false
  const { written } = await beginWrite(store)
  void written.then(() => {
    isWritten = true
  })
  hide()

  const other = open(name)
  await other.write([put('b', 'of another tab')])
  expect((await other.get('accessTokens', 'a'))?.value).toBe('old')
  expect(isWritten).toBe(false)
  show()
  await written
  expect((await other.get('accessTokens', 'a'))?.value).toBe('new')
  for (const one of [store, other]) one.close()
  expect(listeners).toEqual({ stored: new Set(), restored: new Set() })
})

test('a write runs again also if the page learns of its abort only after its return', async () => {
  const opening = openDatabase(uniqueName(), () => undefined)
  await opening
  const { page, hide, show, listeners } = createStoredPage()
  const store = createIndexedDbStore(opening, page)
  const { written } = await beginWrite(store)
  hide()
  show()
  await written
  expect((await store.get('accessTokens', 'a'))?.value).toBe('new')
  store.close()
  expect(listeners).toEqual({ stored: new Set(), restored: new Set() })
})

test('if the database does not open, every method rejects, except close', async () => {
  const store = createIndexedDbStore(Promise.reject(new Error('no storage')))
  await expect(store.get('accounts', 'a')).rejects.toThrow('no storage')
  await expect(store.find('accounts', 'a')).rejects.toThrow('no storage')
  await expect(store.take('accounts', 'a')).rejects.toThrow('no storage')
  await expect(store.write([put('a', 1)])).rejects.toThrow('no storage')
  await expect(store.prune(1)).rejects.toThrow('no storage')
  expect(() => store.close()).not.toThrow()
})
