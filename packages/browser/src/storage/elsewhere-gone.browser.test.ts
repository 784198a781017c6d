import { expect, test, vi } from 'vitest'
import { openStore } from './open-store.ts'

/** As after a deployment: the part was removed. */
vi.mock('./other-stores.ts', () => ({
  get openElsewhere() {
    throw new TypeError('Failed to fetch')
  },
}))

const isThere = async (database: string) =>
  (await indexedDB.databases()).some(({ name }) => name === database)

test('if the part for other stores does not load, no connection stays open', async () => {
  const name = `test-${crypto.randomUUID()}`
  await expect(openStore({ location: 'session', name }, () => undefined)).rejects.toThrow()
  expect(await isThere(name)).toBe(false)
})

test('tokens in IndexedDB do not need that part', async () => {
  const name = `test-${crypto.randomUUID()}`
  const store = await openStore({ location: 'indexeddb', name }, () => undefined)
  expect(await store.find('accounts', 'x')).toEqual([])
  expect(await isThere(name)).toBe(true)
  store.close()
})
