import {
  type Collection,
  createMemoryStore,
  type StoreChange,
  type StoredRecord,
  type TokenStore,
} from '@carnet/core'
import { describe, expect, test } from 'vitest'
import { openDatabase } from './database.ts'
import { createIndexedDbStore } from './indexeddb-store.ts'
import { createResilientStore } from './resilient-store.ts'
import { createSealedStore } from './sealed-store.ts'
import { sealingKey } from './sealing-key.ts'
import { createSessionStore } from './session-store.ts'

const uniqueName = () => `test-${crypto.randomUUID()}`
const NEVER_MS = Number.MAX_SAFE_INTEGER

function openSealed(): TokenStore {
  const opening = openDatabase(uniqueName(), () => undefined)
  return createSealedStore(createIndexedDbStore(opening), sealingKey(opening))
}

const STORES: readonly [string, () => TokenStore][] = [
  ['memory', createMemoryStore],
  ['session', () => createSessionStore(sessionStorage, uniqueName())],
  ['IndexedDB', () => createIndexedDbStore(openDatabase(uniqueName(), () => undefined))],
  ['sealed', openSealed],
  [
    'resilient',
    () =>
      createResilientStore(
        () => openSealed(),
        () => undefined,
      ),
  ],
]

const record = (key: string, tags: string[] = [], fields: Partial<StoredRecord> = {}) => ({
  key,
  tags,
  expiresAtMs: NEVER_MS,
  value: { of: key },
  ...fields,
})
const put = (stored: StoredRecord, collection: Collection = 'accessTokens'): StoreChange => ({
  type: 'put',
  collection,
  record: stored,
})
const deleteTagged = (tag: string): StoreChange => ({
  type: 'deleteTagged',
  collection: 'accessTokens',
  tag,
})

describe.each(STORES)('the %s store', (_name, open) => {
  const keysOf = async (store: TokenStore, tag: string) =>
    (await store.find('accessTokens', tag)).map(({ key }) => key).sort()

  test('gives back by key what was put, and nothing under other keys', async () => {
    const store = open()
    expect(await store.write([put(record('a', ['x'], { expiresAtMs: 7 }))])).toBe(true)
    expect(await store.get('accessTokens', 'a')).toEqual(record('a', ['x'], { expiresAtMs: 7 }))
    expect(await store.get('accessTokens', 'b')).toBeUndefined()
    expect(await store.get('refreshTokens', 'a')).toBeUndefined()
    store.close()
  })

  test('finds by each tag all records that carry it, and no others', async () => {
    const store = open()
    await store.write([put(record('a', ['x', 'y'])), put(record('b', ['y'])), put(record('c'))])
    expect(await keysOf(store, 'x')).toEqual(['a'])
    expect(await keysOf(store, 'y')).toEqual(['a', 'b'])
    expect(await keysOf(store, 'z')).toEqual([])
    store.close()
  })

  test('replaces a record with its tags', async () => {
    const store = open()
    await store.write([put(record('a', ['old'], { value: 1 }))])
    await store.write([put(record('a', ['new'], { value: 2 }))])
    expect((await store.get('accessTokens', 'a'))?.value).toBe(2)
    expect(await keysOf(store, 'old')).toEqual([])
    expect(await keysOf(store, 'new')).toEqual(['a'])
    store.close()
  })

  test('gives a record to one of many that take it at once', async () => {
    const store = open()
    await store.write([put(record('a'), 'transactions')])
    const take = () => store.take('transactions', 'a')
    const taken = await Promise.all(Array.from({ length: 10 }, take))
    expect(taken.filter(Boolean)).toEqual([record('a')])
    expect(await store.get('transactions', 'a')).toBeUndefined()
    store.close()
  })

  test('deletes by key and by tag', async () => {
    const store = open()
    await store.write(['a', 'b', 'c'].map((key) => put(record(key, key === 'c' ? [] : ['x']))))
    await store.write([{ type: 'delete', collection: 'accessTokens', key: 'c' }, deleteTagged('x')])
    const left = ['a', 'b', 'c'].map((key) => store.get('accessTokens', key))
    expect(await Promise.all(left)).toEqual([undefined, undefined, undefined])
    expect(await keysOf(store, 'x')).toEqual([])
    store.close()
  })

  test('deletes by tag in one collection and leaves the others', async () => {
    const store = open()
    await store.write([put(record('a', ['x'])), put(record('a', ['x']), 'accounts')])
    await store.write([deleteTagged('x')])
    expect(await store.get('accounts', 'a')).toBeDefined()
    store.close()
  })

  test('applies changes in their order: what is put after a deletion is there', async () => {
    const store = open()
    await store.write([put(record('a', ['x'], { value: 'old' }))])
    await store.write([deleteTagged('x'), put(record('a', ['x'], { value: 'new' }))])
    expect((await store.get('accessTokens', 'a'))?.value).toBe('new')
    await store.write([put(record('b', ['x'])), deleteTagged('x')])
    expect(await keysOf(store, 'x')).toEqual([])
    store.close()
  })

  test('writes where the record that must be there is there, and only there', async () => {
    const store = open()
    const onlyIf = { collection: 'accounts', key: 'alice' } as const
    expect(await store.write([put(record('a'))], onlyIf)).toBe(false)
    expect(await store.get('accessTokens', 'a')).toBeUndefined()
    await store.write([put(record('alice'), 'accounts')])
    expect(await store.write([put(record('a'))], onlyIf)).toBe(true)
    expect(await store.get('accessTokens', 'a')).toBeDefined()
    store.close()
  })

  test('writes only as long as the record that must be there carries its tag', async () => {
    const store = open()
    const onlyIf = { collection: 'accounts', key: 'alice', tag: 'first' } as const
    await store.write([put(record('alice', ['first', 'x']), 'accounts')])
    expect(await store.write([put(record('a'))], onlyIf)).toBe(true)
    await store.write([put(record('alice', ['second', 'x']), 'accounts')])
    expect(await store.write([put(record('b'))], onlyIf)).toBe(false)
    expect(await store.get('accessTokens', 'b')).toBeUndefined()
    expect(await store.get('accounts', 'alice')).toBeDefined()
    store.close()
  })

  test('loses nothing of what is written at once', async () => {
    const store = open()
    const keys = Array.from({ length: 50 }, (_, index) => `key-${index}`)
    await Promise.all(keys.map((key) => store.write([put(record(key, ['x']))])))
    expect(await keysOf(store, 'x')).toEqual([...keys].sort())
    store.close()
  })

  test('prunes what expired before a time, in every collection', async () => {
    const store = open()
    const at = (key: string, expiresAtMs: number) => record(key, [], { expiresAtMs })
    await store.write([
      put(at('a', 9)),
      put(at('b', 10)),
      put(at('c', 9), 'transactions'),
      put(at('d', NEVER_MS), 'accounts'),
    ])
    await store.prune(10)
    expect(await store.get('accessTokens', 'a')).toBeUndefined()
    expect(await store.get('accessTokens', 'b')).toBeDefined()
    expect(await store.get('transactions', 'c')).toBeUndefined()
    expect(await store.get('accounts', 'd')).toBeDefined()
    store.close()
  })

  test('has nothing against an empty write, strange keys or deleting what is not there', async () => {
    const store = open()
    expect(await store.write([])).toBe(true)
    await store.write([{ type: 'delete', collection: 'accessTokens', key: 'none' }])
    await store.write([deleteTagged('none')])
    const key = '__proto__|é|"quoted"|\n|🔑'
    await store.write([put(record(key, [key]))])
    expect(await keysOf(store, key)).toEqual([key])
    expect(await store.take('accessTokens', 'none')).toBeUndefined()
    store.close()
  })

  test('holds a value of 500 kB', async () => {
    const store = open()
    const value = { text: 'x'.repeat(500_000) }
    await store.write([put(record('a', [], { value }))])
    expect((await store.get('accessTokens', 'a'))?.value).toEqual(value)
    store.close()
  })
})
