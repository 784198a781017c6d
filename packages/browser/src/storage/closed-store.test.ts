import { createMemoryStore, type RecordStore, type StoreChange } from '@carnet/core'
import { expect, test } from 'vitest'
import { createResilientStore } from './resilient-store.ts'

const put: StoreChange = {
  type: 'put',
  collection: 'refreshTokens',
  record: { key: 'alice', tags: ['of alice'], expiresAtMs: 8e15, value: 'rotated' },
}

/** Storage whose connection can be closed, and fails from then on. */
function setUp() {
  const shared = createMemoryStore()
  const told: unknown[] = []
  let connections = 0
  const store = createResilientStore(
    () => {
      connections += 1
      let isOpen = true
      const ifOpen =
        <Args extends unknown[], T>(method: (...args: Args) => Promise<T>) =>
        (...args: Args) =>
          isOpen ? method(...args) : Promise.reject(new Error('The connection is closed.'))
      const connection: RecordStore = {
        get: ifOpen(shared.get),
        find: ifOpen(shared.find),
        take: ifOpen(shared.take),
        write: ifOpen(shared.write),
        prune: ifOpen(shared.prune),
        close() {
          isOpen = false
        },
      }
      return connection
    },
    (cause) => told.push(cause),
  )
  return { store, told, connections: () => connections }
}

test.each<[string, (store: RecordStore) => Promise<unknown>]>([
  ['a write', (store) => store.write([put])],
  ['a look-up', (store) => store.get('refreshTokens', 'alice')],
  ['a search', (store) => store.find('accounts', 'x')],
  ['a taking', (store) => store.take('transactions', 't')],
  ['a pruning', (store) => store.prune(1)],
])('%s on a closed store fails, and does not use memory', async (_what, call) => {
  const { store, told, connections } = setUp()
  await store.write([put])
  store.close()
  await expect(call(store)).rejects.toMatchObject({ code: 'client_closed' })
  expect([told.length, connections()]).toEqual([0, 1])
})

test('a closed store fails even if storage had failed before', async () => {
  const { store, connections } = setUp()
  store.degrade('lost')
  store.close()
  await expect(store.get('refreshTokens', 'alice')).rejects.toMatchObject({ code: 'client_closed' })
  expect(connections()).toBe(1)
})
