import { createMemoryStore, type RecordStore, type StoreChange } from '@carnet/core'
import { expect, test, vi } from 'vitest'
import { createResilientStore } from './resilient-store.ts'

const put = (key: string, value = key): StoreChange => ({
  type: 'put',
  collection: 'accounts',
  record: { key, tags: ['x'], expiresAtMs: 8e15, value },
})
const everybody = Array.from({ length: 30 }, (_, index) => put(`account-${index}`))

/** A tab that lost its connection to the shared storage; a moment later storage may work again. */
async function setUp(options: { isAnew?: () => Promise<boolean> } = {}) {
  const shared = createMemoryStore()
  let nowMs = 0
  let fails = false
  const find: RecordStore['find'] = (...name) =>
    fails ? Promise.reject(new Error('still broken')) : shared.find(...name)
  const onHealed = vi.fn()
  const store = createResilientStore(
    () => ({ ...shared, find }),
    () => undefined,
    { now: () => nowMs, onHealed, ...options },
  )
  await store.write(everybody)
  store.degrade('lost')
  return {
    shared,
    store,
    onHealed,
    failToRead: () => {
      fails = true
    },
    later: () => {
      nowMs += 100_000
    },
  }
}

test('`onHealed` is called when storage works again, and reads the changes of other tabs', async () => {
  const { shared, store, onHealed, later } = await setUp()
  await shared.write([put('account-0', 'changed'), put('new')])
  expect((await store.get('accounts', 'account-0'))?.value).toBe('account-0')
  expect(onHealed).not.toHaveBeenCalled()
  let seen: Promise<unknown> | undefined
  onHealed.mockImplementation(() => {
    seen = store.get('accounts', 'new')
  })
  later()
  expect((await store.get('accounts', 'account-0'))?.value).toBe('changed')
  expect(onHealed).toHaveBeenCalledOnce()
  expect(await seen).toMatchObject({ value: 'new' })
})

test('a store that was closed during the failure does not use storage again', async () => {
  const { store, onHealed, later } = await setUp()
  later()
  const reading = store.get('accounts', 'account-0')
  store.close()
  await reading.catch(() => undefined)
  expect(onHealed).not.toHaveBeenCalled()
})

test('records that other tabs deleted stay deleted if the storage was not re-created', async () => {
  const { shared, store, later } = await setUp({ isAnew: async () => false })
  await shared.write([{ type: 'deleteTagged', collection: 'accounts', tag: 'x' }])
  later()
  expect(await store.find('accounts', 'x')).toEqual([])
  expect(await shared.find('accounts', 'x')).toEqual([])
})

test('re-created storage is filled, unless another tab filled it', async () => {
  const emptied = await setUp({ isAnew: async () => true })
  await emptied.shared.prune(9e15)
  emptied.later()
  expect(await emptied.store.find('accounts', 'x')).toHaveLength(30)

  const filled = await setUp({ isAnew: async () => true })
  await filled.shared.prune(9e15)
  await filled.shared.write([put('account-29')])
  filled.later()
  expect(await filled.store.find('accounts', 'x')).toHaveLength(1)
})
