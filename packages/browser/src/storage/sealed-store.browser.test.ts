import { createMemoryStore, type StoreChange, type StoredRecord } from '@carnet/core'
import { describe, expect, test } from 'vitest'
import { type Database, openDatabase } from './idb-database.ts'
import { createIndexedDbStore } from './indexeddb-store.ts'
import { createSealedStore } from './sealed-store.ts'
import { sealingKey } from './sealing-key.ts'

const uniqueName = () => `test-${crypto.randomUUID()}`
const record = (key: string): StoredRecord => ({
  key,
  tags: ['x'],
  expiresAtMs: 1,
  value: { token: 's3cret-token', nested: ['s3cret-too'] },
})
const put = (stored: StoredRecord): StoreChange => ({
  type: 'put',
  collection: 'refreshTokens',
  record: stored,
})

/** A sealed store and, beneath it, the database as a thief of the disk would see it. */
async function setUp(name = uniqueName()) {
  const opening = openDatabase(name, () => undefined)
  const dropped: unknown[] = []
  const onDropped = () => void dropped.push('dropped')
  const store = createSealedStore(createIndexedDbStore(opening), sealingKey(opening), onDropped)
  await store.write([put(record('a')), put(record('b'))])
  const database = await opening
  const raw = async (key: string) => {
    const stored = await database.get('refreshTokens', key)
    return stored ?? expect.fail(`There is no record ${key}.`)
  }
  return { store, database, raw, dropped }
}

/** Every text and every byte of a raw value, bytes read as text. */
function readable(value: unknown): string {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value))
    return new TextDecoder('latin1').decode(value)
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([name, part]) => `${name} ${readable(part)}`)
    .join(' ')
}

describe('the content of the database', () => {
  test('contains no unencrypted secret, and the store can read the content', async () => {
    const { store, raw } = await setUp()
    const stored = readable(await raw('a'))
    expect(stored).toContain('version 1')
    expect(stored).not.toContain('s3cret')
    expect(stored).not.toContain('token')
    expect((await store.get('refreshTokens', 'a'))?.value).toEqual(record('a').value)
  })

  test('differs at each write', async () => {
    const { store, raw } = await setUp()
    const first = readable(await raw('a'))
    await store.write([put(record('a'))])
    expect(readable(await raw('a'))).not.toBe(first)
  })

  test('has public documents without encryption', async () => {
    const { store, database } = await setUp()
    const metadata = { key: 'm', tags: [], expiresAtMs: 1, value: { issuer: 'https://idp' } }
    await store.write([{ type: 'put', collection: 'metadata', record: metadata }])
    expect((await database.get('metadata', 'm'))?.value).toEqual(metadata.value)
    expect((await store.get('metadata', 'm'))?.value).toEqual(metadata.value)
  })
})

describe('a record that cannot be decrypted is dropped', () => {
  const expectDropped = async (tamper: (database: Database, stored: StoredRecord) => unknown) => {
    const { store, database, raw, dropped } = await setUp()
    await tamper(database, await raw('a'))
    expect((await store.find('refreshTokens', 'x')).map(({ key }) => key)).toEqual(['b'])
    expect(dropped).toHaveLength(1)
    expect(await store.get('refreshTokens', 'a')).toBeUndefined()
    expect(await store.take('refreshTokens', 'a')).toBeUndefined()
    expect(await database.count('refreshTokens')).toBe(1)
  }

  test('if another record was copied over it', () =>
    expectDropped(async (database, { key }) => {
      const other = await database.get('refreshTokens', 'b')
      if (other) await database.put('refreshTokens', { ...other, key })
    }))

  test('if a byte of the record was changed', () =>
    expectDropped((database, stored) => {
      const { data } = stored.value as { data: ArrayBuffer }
      const bytes = new Uint8Array(data)
      bytes[0] = (bytes[0] ?? 0) ^ 1
      return database.put('refreshTokens', stored)
    }))

  test.each([
    null,
    'text',
    {},
    { version: 1, iv: 'x', data: 'y' },
    { version: 1, iv: new Uint8Array(12), data: new ArrayBuffer(3) },
    new Map([['version', 1]]),
    new Blob(['x']),
    new Date(0),
    /x/,
  ])('if the value is %j', (value) =>
    expectDropped((database, stored) => database.put('refreshTokens', { ...stored, value })),
  )

  test('if the key has changed', async () => {
    const { database } = await setUp()
    const inner = createIndexedDbStore(Promise.resolve(database))
    const { database: stranger } = await setUp()
    const store = createSealedStore(inner, sealingKey(Promise.resolve(stranger)))
    expect(await store.get('refreshTokens', 'a')).toBeUndefined()
    expect(await store.find('refreshTokens', 'x')).toEqual([])
  })

  test('but stays if a later version of Carnet encrypted it in another way', async () => {
    const { store, database, raw, dropped } = await setUp()
    await database.put('refreshTokens', { ...(await raw('a')), value: { version: 2, box: 'x' } })
    expect(await store.get('refreshTokens', 'a')).toBeUndefined()
    expect(await database.count('refreshTokens')).toBe(2)
    expect(dropped).toEqual([])
  })

  test('if it comes from another collection', async () => {
    const { store, database, raw } = await setUp()
    await database.put('accessTokens', await raw('a'))
    expect(await store.get('accessTokens', 'a')).toBeUndefined()
    expect(await store.get('refreshTokens', 'a')).toBeDefined()
  })
})

describe('the key', () => {
  test('is the same for two tabs that create it at once', async () => {
    const name = uniqueName()
    const open = () => openDatabase(name, () => undefined)
    const keys = await Promise.all(Array.from({ length: 5 }, () => sealingKey(open())))
    const memory = createMemoryStore()
    const stores = keys.map((key) => createSealedStore(memory, Promise.resolve(key)))
    await stores[0]?.write([put(record('a'))])
    for (const store of stores) expect(await store.get('refreshTokens', 'a')).toBeDefined()
  })

  test('is the same after a reload', async () => {
    const name = uniqueName()
    const { database } = await setUp(name)
    database.close()
    const opening = openDatabase(name, () => undefined)
    const store = createSealedStore(createIndexedDbStore(opening), sealingKey(opening))
    expect((await store.get('refreshTokens', 'a'))?.value).toEqual(record('a').value)
  })

  test('cannot be exported', async () => {
    const key = await sealingKey(openDatabase(uniqueName(), () => undefined))
    expect(key.extractable).toBe(false)
    expect(key.algorithm).toEqual({ name: 'AES-GCM', length: 256 })
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow()
  })

  test('that is not available makes the store reject, and no record is lost', async () => {
    const memory = createMemoryStore()
    const store = createSealedStore(memory, Promise.reject(new Error('no key')))
    await memory.write([put(record('a'))])
    await expect(store.get('refreshTokens', 'a')).rejects.toThrow('no key')
    await expect(store.write([put(record('b'))])).rejects.toThrow('no key')
  })
})

test.each([
  ['nothing', null],
  ['a text', 'key'],
  ['an object', { algorithm: { name: 'AES-GCM' }, usages: ['encrypt', 'decrypt'] }],
])(
  'a key that the browser returns as %s is replaced, and storage still works',
  async (_what, key) => {
    const { database, store } = await setUp()
    const broken = { key: 'seal-1', cryptoKey: key as unknown as CryptoKey }
    await database.put('keys', broken)
    const opening = Promise.resolve(database)
    const told: unknown[] = []
    const newKey = () => sealingKey(opening, () => told.push('dropped'))
    const [, other] = await Promise.all([newKey(), newKey()])
    expect(told).toEqual(['dropped'])
    expect(await database.count('refreshTokens')).toBe(0)
    const next = createSealedStore(createIndexedDbStore(opening), Promise.resolve(other))
    await next.write([put(record('c'))])
    const again = createSealedStore(createIndexedDbStore(opening), sealingKey(opening))
    expect((await again.get('refreshTokens', 'c'))?.value).toEqual(record('c').value)
    expect(await again.get('refreshTokens', 'a')).toBeUndefined()
    store.close()
  },
)
