import type { Collection, RecordStore, StoreChange, StoredRecord } from '../records/record-store.ts'

/** One requirement for every store. `run` rejects with the wrong result if the store does not meet it. */
export interface StoreCase {
  readonly name: string
  run(): Promise<void>
}

const NEVER_MS = Number.MAX_SAFE_INTEGER

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
const remove = (key: string): StoreChange => ({ type: 'delete', collection: 'accessTokens', key })
const deleteTagged = (tag: string): StoreChange => ({
  type: 'deleteTagged',
  collection: 'accessTokens',
  tag,
})

const keysOf = async (store: RecordStore, tag: string) =>
  (await store.find('accessTokens', tag)).map(({ key }) => key).sort()

/** Ignores the order of fields, and fields with the value `undefined`. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  ) ?? 'undefined'

function expectSame(seen: unknown, wanted: unknown): void {
  if (textOf(seen) !== textOf(wanted))
    throw new Error(`The store returned ${textOf(seen)} instead of ${textOf(wanted)}.`)
}

const CASES: Readonly<Record<string, (store: RecordStore) => Promise<void>>> = {
  async 'returns a record by its key, and no record for other keys'(store) {
    expectSame(await store.write([put(record('a', ['x'], { expiresAtMs: 7 }))]), true)
    expectSame(await store.get('accessTokens', 'a'), record('a', ['x'], { expiresAtMs: 7 }))
    expectSame(await store.get('accessTokens', 'b'), undefined)
    expectSame(await store.get('refreshTokens', 'a'), undefined)
  },

  async 'finds exactly the records that carry a tag'(store) {
    await store.write([put(record('a', ['x', 'y'])), put(record('b', ['y'])), put(record('c'))])
    expectSame(await keysOf(store, 'x'), ['a'])
    expectSame(await keysOf(store, 'y'), ['a', 'b'])
    expectSame(await keysOf(store, 'z'), [])
  },

  async 'replaces a record with its tags'(store) {
    await store.write([put(record('a', ['old'], { value: 1 }))])
    await store.write([put(record('a', ['new'], { value: 2 }))])
    expectSame((await store.get('accessTokens', 'a'))?.value, 2)
    expectSame(await keysOf(store, 'old'), [])
    expectSame(await keysOf(store, 'new'), ['a'])
  },

  async 'returns a record to only one of many concurrent calls of take'(store) {
    await store.write([put(record('a'), 'transactions')])
    const take = () => store.take('transactions', 'a')
    const taken = await Promise.all(Array.from({ length: 10 }, take))
    expectSame(taken.filter(Boolean), [record('a')])
    expectSame(await store.get('transactions', 'a'), undefined)
  },

  async 'deletes by key and by tag'(store) {
    await store.write(['a', 'b', 'c'].map((key) => put(record(key, key === 'c' ? [] : ['x']))))
    await store.write([remove('c'), deleteTagged('x')])
    const left = ['a', 'b', 'c'].map((key) => store.get('accessTokens', key))
    expectSame((await Promise.all(left)).filter(Boolean), [])
    expectSame(await keysOf(store, 'x'), [])
  },

  async 'deletes by tag in one collection only'(store) {
    await store.write([put(record('a', ['x'])), put(record('a', ['x']), 'accounts')])
    await store.write([deleteTagged('x')])
    expectSame(await store.get('accessTokens', 'a'), undefined)
    expectSame(await store.get('accounts', 'a'), record('a', ['x']))
  },

  async 'applies changes in order: a record that is put after a deletion exists'(store) {
    await store.write([put(record('a', ['x'], { value: 'old' }))])
    await store.write([deleteTagged('x'), put(record('a', ['x'], { value: 'new' }))])
    expectSame((await store.get('accessTokens', 'a'))?.value, 'new')
    await store.write([put(record('b', ['x'])), deleteTagged('x')])
    expectSame(await keysOf(store, 'x'), [])
  },

  async 'writes with a condition only if the named record exists'(store) {
    const onlyIf = { collection: 'accounts', key: 'alice' } as const
    expectSame(await store.write([put(record('a'))], onlyIf), false)
    expectSame(await store.get('accessTokens', 'a'), undefined)
    await store.write([put(record('alice'), 'accounts')])
    expectSame(await store.write([put(record('a'))], onlyIf), true)
    expectSame(await store.get('accessTokens', 'a'), record('a'))
  },

  async 'writes with a tag in the condition only if the named record carries the tag'(store) {
    const onlyIf = { collection: 'accounts', key: 'alice', tag: 'first' } as const
    await store.write([put(record('alice', ['first', 'x']), 'accounts')])
    expectSame(await store.write([put(record('a'))], onlyIf), true)
    await store.write([put(record('alice', ['second', 'x']), 'accounts')])
    expectSame(await store.write([put(record('b'))], onlyIf), false)
    expectSame(await store.get('accessTokens', 'b'), undefined)
    expectSame(await store.get('accounts', 'alice'), record('alice', ['second', 'x']))
  },

  async 'loses no record of concurrent writes'(store) {
    const keys = Array.from({ length: 50 }, (_, index) => `key-${index}`)
    await Promise.all(keys.map((key) => store.write([put(record(key, ['x']))])))
    expectSame(await keysOf(store, 'x'), [...keys].sort())
  },

  async 'prunes the records that expired before a time, in every collection'(store) {
    const at = (key: string, expiresAtMs: number) => record(key, [], { expiresAtMs })
    await store.write([
      put(at('a', 9)),
      put(at('b', 10)),
      put(at('c', 9), 'transactions'),
      put(at('d', NEVER_MS), 'accounts'),
    ])
    await store.prune(10)
    expectSame(await store.get('accessTokens', 'a'), undefined)
    expectSame(await store.get('transactions', 'c'), undefined)
    expectSame(await store.get('accessTokens', 'b'), at('b', 10))
    expectSame(await store.get('accounts', 'd'), at('d', NEVER_MS))
  },

  async 'accepts an empty write, unusual keys and the deletion of absent records'(store) {
    expectSame(await store.write([]), true)
    await store.write([remove('none'), deleteTagged('none')])
    const key = '__proto__|é|"quoted"|\n|🔑'
    await store.write([put(record(key, [key]))])
    expectSame(await keysOf(store, key), [key])
    expectSame(await store.take('accessTokens', 'none'), undefined)
  },

  async 'holds a value of 500 kB'(store) {
    const value = { text: 'x'.repeat(500_000) }
    await store.write([put(record('a', [], { value }))])
    expectSame((await store.get('accessTokens', 'a'))?.value, value)
  },

  async 'returns bytes as bytes, because sealed values contain them'(store) {
    const iv = new Uint8Array([0, 127, 128, 255])
    await store.write([put(record('a', [], { value: { version: 1, iv, data: iv.buffer } }))])
    const { iv: view, data } = Object(await store.get('accessTokens', 'a').then((a) => a?.value))
    const bytes = [view instanceof Uint8Array, data instanceof ArrayBuffer]
    expectSame(bytes, [true, true])
    expectSame([...view], [...iv])
    expectSame([...new Uint8Array(data)], [...iv])
  },
}

/**
 * The requirements for a `RecordStore`, as test cases for any test runner:
 *
 * `for (const { name, run } of recordStoreContract(() => createMyStore())) test(name, run)`
 *
 * @param open Creates an empty store for each case; the case closes it.
 */
export function recordStoreContract(open: () => RecordStore | Promise<RecordStore>): StoreCase[] {
  return Object.entries(CASES).map(([name, check]) => ({
    name,
    async run() {
      const store = await open()
      try {
        await check(store)
      } finally {
        store.close()
      }
    },
  }))
}
