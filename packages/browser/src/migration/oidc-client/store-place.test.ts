import { expect, test } from 'vitest'
import { openStorePlace } from './store-place.ts'

const KEY = 'user:https://login.example.com:spa'

/** A store of an app, with a delay as of a database. */
function fakeStore(entries: Readonly<Record<string, string>>) {
  const held = new Map(Object.entries(entries))
  return {
    held,
    get: async (key: string) => held.get(key) ?? null,
    async remove(key: string) {
      await Promise.resolve()
      held.delete(key)
    },
  }
}

test('A store shows the user of this client, and no other entry', async () => {
  const store = fakeStore({ [KEY]: 'user', 'user:https://login.example.com:other': 'x' })
  const place = await openStorePlace(store, [KEY])
  expect([place.length, place.key(0), place.getItem(KEY)]).toEqual([1, KEY, 'user'])
})

test('A removed entry is gone at once, and the store has removed it when it has settled', async () => {
  const store = fakeStore({ [KEY]: 'user', other: 'x' })
  const place = await openStorePlace(store, [KEY])
  place.removeItem(KEY)
  expect([place.length, place.getItem(KEY), store.held.size]).toEqual([0, null, 2])
  await place.settle()
  expect([...store.held.keys()]).toEqual(['other'])
})

test('An entry that another tab has moved is gone after a reload', async () => {
  const store = fakeStore({ [KEY]: 'user' })
  const place = await openStorePlace(store, [KEY])
  store.held.clear()
  await place.reload()
  expect(place.getItem(KEY)).toBeNull()
})

test('Notes of a migration never reach the store of the app', async () => {
  const store = fakeStore({})
  const place = await openStorePlace(store, [KEY])
  place.setItem('note', 'x')
  place.removeItem('note')
  expect(store.held.size).toBe(0)
})
