import type { StoreChange } from '@carnet/core'
import { afterEach, expect, test } from 'vitest'
import { createSessionStore } from './session-store.ts'

const uniqueName = () => `test-${crypto.randomUUID()}`
const put = (key: string, value: unknown, expiresAtMs = 8e15): StoreChange => ({
  type: 'put',
  collection: 'accessTokens',
  record: { key, tags: ['x'], expiresAtMs, value },
})
const open = (name: string) => createSessionStore(sessionStorage, name)

afterEach(() => {
  for (const key of Object.keys(sessionStorage))
    if (key.startsWith('carnet|')) sessionStorage.removeItem(key)
})

test('records survive a reload of the page, bytes included', async () => {
  const name = uniqueName()
  const value = { iv: new Uint8Array([0, 255]), data: new Uint8Array([1, 2, 3]).buffer }
  await open(name).write([put('a', value)])
  const stored = (await open(name).get('accessTokens', 'a'))?.value as typeof value
  expect(stored.iv).toEqual(value.iv)
  expect(new Uint8Array(stored.data)).toEqual(new Uint8Array(value.data))
  expect(await open(name).find('accessTokens', 'x')).toHaveLength(1)
})

test('half a megabyte of bytes survives a reload', async () => {
  const name = uniqueName()
  await open(name).write([put('a', { data: new Uint8Array(500_000).fill(7).buffer })])
  const stored = (await open(name).get('accessTokens', 'a'))?.value as { data: ArrayBuffer }
  expect(stored.data.byteLength).toBe(500_000)
})

test('deleted, taken or pruned records do not return after a reload', async () => {
  const name = uniqueName()
  const store = open(name)
  await store.write([put('a', 1), put('b', 2), put('c', 3, 9)])
  await store.write([{ type: 'delete', collection: 'accessTokens', key: 'a' }])
  await store.take('accessTokens', 'b')
  await store.prune(10)
  expect(await open(name).find('accessTokens', 'x')).toEqual([])
  await store.write([put('d', 4)])
  await store.write([{ type: 'deleteTagged', collection: 'accessTokens', tag: 'x' }])
  expect(await open(name).find('accessTokens', 'x')).toEqual([])
})

test('invalid entries in the storage are ignored', async () => {
  const name = uniqueName()
  await open(name).write([put('a', 1)])
  for (const [index, text] of ['', '{', 'null', '[]', '{"type":"put"}', '7'].entries())
    sessionStorage.setItem(`carnet|${name}|accessTokens|garbage-${index}`, text)
  expect((await open(name).get('accessTokens', 'a'))?.value).toBe(1)
})

test('two caches share no records', async () => {
  const [one, other] = [uniqueName(), uniqueName()]
  await open(one).write([put('a', 1)])
  expect(await open(other).get('accessTokens', 'a')).toBeUndefined()
})

test('a write beyond the quota stores no record, neither in the page nor after a reload', async () => {
  const name = uniqueName()
  const store = open(name)
  await store.write([put('a', 'old')])
  const tooMuch = 'x'.repeat(12_000_000)
  await expect(store.write([put('a', 'new'), put('b', tooMuch)])).rejects.toThrow()
  expect((await open(name).get('accessTokens', 'a'))?.value).toBe('old')
  expect((await store.get('accessTokens', 'a'))?.value).toBe('old')
})
