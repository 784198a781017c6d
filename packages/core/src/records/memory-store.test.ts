import { expect, test } from 'vitest'
import { createMemoryStore } from './memory-store.ts'
import type { StoredRecord } from './record-store.ts'

const NEVER_MS = Number.MAX_SAFE_INTEGER
const record = (key: string, tags: string[] = [], expiresAtMs = NEVER_MS): StoredRecord => ({
  key,
  tags,
  expiresAtMs,
  value: `value of ${key}`,
})
const put = (value: StoredRecord) =>
  ({ type: 'put', collection: 'accessTokens', record: value }) as const

test('a record is found by its key and by each of its tags', async () => {
  const store = createMemoryStore()
  await store.write([put(record('a', ['x', 'y'])), put(record('b', ['y']))])
  expect((await store.get('accessTokens', 'a'))?.value).toBe('value of a')
  expect((await store.find('accessTokens', 'y')).map(({ key }) => key)).toEqual(['a', 'b'])
  expect(await store.find('accessTokens', 'z')).toEqual([])
  expect(await store.get('refreshTokens', 'a')).toBeUndefined()
})

test('a replaced record is found only by its new tags', async () => {
  const store = createMemoryStore()
  await store.write([put(record('a', ['old']))])
  await store.write([put(record('a', ['new']))])
  expect(await store.find('accessTokens', 'old')).toEqual([])
  expect(await store.find('accessTokens', 'new')).toHaveLength(1)
})

test('of two callers that take a record at once, only one gets it', async () => {
  const store = createMemoryStore()
  await store.write([put(record('a'))])
  const taken = await Promise.all([
    store.take('accessTokens', 'a'),
    store.take('accessTokens', 'a'),
  ])
  expect(taken.filter(Boolean)).toHaveLength(1)
})

test('deleting by a tag leaves no trace of the records under their other tags', async () => {
  const store = createMemoryStore()
  await store.write([put(record('a', ['x', 'y'])), put(record('b', ['y']))])
  await store.write([{ type: 'deleteTagged', collection: 'accessTokens', tag: 'x' }])
  expect((await store.find('accessTokens', 'y')).map(({ key }) => key)).toEqual(['b'])
})

test('pruning deletes only the records that expired before', async () => {
  const store = createMemoryStore()
  await store.write([put(record('a', ['x'], 9)), put(record('b', ['x'], 10))])
  await store.prune(10)
  expect((await store.find('accessTokens', 'x')).map(({ key }) => key)).toEqual(['b'])
})
