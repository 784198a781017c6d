import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordStoreContract } from '@carnet/core/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { keyring, newSealKey } from '../cache/keyring.ts'
import { createRecordNames } from '../cache/record-names.ts'
import { createSealedStore } from '../cache/sealed-store.ts'
import { createSteadyStore } from '../cache/store-in-outage.ts'
import { blobStore } from './blob-store.ts'
import { fileStore } from './file-store.ts'
import { memoryStore } from './memory-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'carnet-files-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const newFolder = () => join(folder, String(++files))

/** A table of blobs with versions, as an app has it in a database. */
function createTable() {
  const rows = new Map<string, { blob: string; version: number }>()
  let version = 0
  return {
    rows,
    read: async (name: string) => rows.get(name),
    async write(name: string, blob: string | undefined, expected: string | number | undefined) {
      if (rows.get(name)?.version !== expected) return false
      if (blob === undefined) rows.delete(name)
      else rows.set(name, { blob, version: ++version })
      return true
    },
    list: async () => [...rows.keys()],
  }
}

const sealed = () =>
  createSealedStore(memoryStore(), keyring(newSealKey()), createRecordNames('partition'))

const stores = {
  memoryStore: () => memoryStore(),
  fileStore: () => fileStore({ folder: newFolder() }),
  blobStore: () => blobStore(createTable()),
  'a sealed store': sealed,
  'a steady store': () =>
    createSteadyStore({
      store: sealed(),
      timeoutMs: 1000,
      monotonicMs: () => performance.now(),
      now: Date.now,
      maxBytes: 1e6,
      log: () => undefined,
    }),
}

for (const [name, open] of Object.entries(stores))
  describe(name, () => {
    for (const { name: requirement, run } of recordStoreContract(open)) test(requirement, run)
  })

const put = (key: string, fields = {}) =>
  ({
    type: 'put',
    collection: 'accessTokens',
    record: { key, tags: ['{g}x'], expiresAtMs: Date.now() + 60_000, value: 'v', ...fields },
  }) as const

describe('memoryStore', () => {
  test('it stays within its limit, and access tokens go before refresh tokens', async () => {
    const store = memoryStore({ maxBytes: 20_000 })
    const refresh = { ...put('refresh'), collection: 'refreshTokens' } as const
    await store.write([refresh])
    for (let index = 0; index < 100; index += 1) await store.write([put(`token-${index}`)])
    expect(store.bytes()).toBeLessThanOrEqual(20_000)
    expect(await store.get('refreshTokens', 'refresh')).toBeDefined()
    expect(await store.get('accessTokens', 'token-0')).toBeUndefined()
    expect(await store.get('accessTokens', 'token-99')).toBeDefined()
  })

  test('expired records are removed', async () => {
    let nowMs = Date.now()
    const store = memoryStore({ now: () => nowMs })
    await store.write([put('a', { expiresAtMs: nowMs + 1000 })])
    nowMs += 5000
    await store.write([put('b', { expiresAtMs: nowMs + 1000 })])
    expect(await store.get('accessTokens', 'a')).toBeUndefined()
  })
})

describe('fileStore', () => {
  test('files have mode 600, the folder 700, and no lock is left', async () => {
    const own = newFolder()
    const store = fileStore({ folder: own })
    await store.write([put('{g}a'), put('{h}b', { tags: [] })])
    const names = readdirSync(own)
    expect(names.length).toBe(2)
    for (const name of names) expect(statSync(join(own, name)).mode & 0o777).toBe(0o600)
    expect(statSync(own).mode & 0o777).toBe(0o700)
    await store.write([{ type: 'deleteTagged', collection: 'accessTokens', tag: '{g}x' }])
    expect(readdirSync(own).length).toBe(1)
  })

  test('a damaged file is kept beside, and the store goes on', async () => {
    const own = newFolder()
    const store = fileStore({ folder: own })
    await store.write([put('{g}a')])
    const [name = ''] = readdirSync(own)
    writeFileSync(join(own, name), '{"half')
    expect(await store.get('accessTokens', '{g}a')).toBeUndefined()
    await store.write([put('{g}b')])
    expect(await store.get('accessTokens', '{g}b')).toBeDefined()
    expect(readdirSync(own)).toContain(`${name}.unreadable`)
  })

  test('the lock of a process that has ended is taken over', async () => {
    const own = newFolder()
    const store = fileStore({ folder: own })
    await store.write([put('{g}a')])
    const [name = ''] = readdirSync(own)
    const { hostname } = await import('node:os')
    // No process has this id: it is greater than the greatest id of Linux.
    writeFileSync(join(own, `${name}.lock`), `99999999 ${hostname()} mark`)
    await store.write([put('{g}b')])
    expect(await store.get('accessTokens', '{g}b')).toBeDefined()
  })
})

describe('blobStore', () => {
  test('40 concurrent writes from four stores over one table all survive', async () => {
    const table = createTable()
    // Every read and write takes a turn, as with a database.
    const slow = async <T>(work: () => Promise<T>) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 3))
      return work()
    }
    const machines = Array.from({ length: 4 }, () =>
      blobStore({
        read: (name) => slow(() => table.read(name)),
        write: (name, blob, version) => slow(() => table.write(name, blob, version)),
      }),
    )
    const writes = Array.from({ length: 40 }, (_, index) =>
      machines[index % 4]?.write([put(`{g}${index}`)]),
    )
    await Promise.all(writes)
    expect((await machines[0]?.find('accessTokens', '{g}x'))?.length).toBe(40)
  })

  test('a lock orders two machines, and each empty partition is deleted', async () => {
    const table = createTable()
    const [one, two] = [blobStore(table), blobStore(table)]
    let running = 0
    const work = async () => {
      running += 1
      expect(running).toBe(1)
      await new Promise((resolve) => setTimeout(resolve, 20))
      running -= 1
    }
    await Promise.all([one.withLock?.('name', work), two.withLock?.('name', work)])
    expect(table.rows.size).toBe(0)
  })

  test('a table that never accepts a write ends with a typed error', async () => {
    const store = blobStore({ read: async () => undefined, write: async () => false })
    await expect(store.write([put('{g}a')])).rejects.toMatchObject({ code: 'store_unavailable' })
  })
})
