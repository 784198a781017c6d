import { type Collection, createMemoryStore, type StoreChange } from '@carnet/core'
import { expect, test } from 'vitest'
import { createResilientStore } from './resilient-store.ts'

const put = (collection: Collection): StoreChange => ({
  type: 'put',
  collection,
  record: { key: 'x', tags: [], expiresAtMs: 8e15, value: 'value' },
})
const open = () => createResilientStore(createMemoryStore, () => undefined)

test('refresh tokens that a newer Carnet took over are not returned from memory; other records are', async () => {
  const store = open()
  await store.write([put('accounts'), put('refreshTokens')])
  store.degrade('upgraded', true)
  expect(await store.get('accounts', 'x')).toBeDefined()
  expect(await store.get('refreshTokens', 'x')).toBeUndefined()
  await store.write([put('accounts')])
  expect(await store.get('refreshTokens', 'x')).toBeUndefined()
})

test('the tokens of a later sign-in are used', async () => {
  const store = open()
  await store.write([put('refreshTokens')])
  store.degrade('upgraded', true)
  await store.write([put('refreshTokens')])
  expect(await store.get('refreshTokens', 'x')).toBeDefined()
})

test('after other losses of storage, memory still returns the refresh tokens', async () => {
  const store = open()
  await store.write([put('refreshTokens')])
  store.degrade('lost')
  expect(await store.get('refreshTokens', 'x')).toBeDefined()
})
