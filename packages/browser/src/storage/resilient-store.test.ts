import { createMemoryStore, type RecordStore, type StoreChange } from '@carnet/core'
import { describe, expect, test } from 'vitest'
import { createResilientStore } from './resilient-store.ts'

const put = (key: string, value: unknown = key): StoreChange => ({
  type: 'put',
  collection: 'accounts',
  record: { key, tags: ['x'], expiresAtMs: 8e15, value },
})
const no = () => Promise.reject(new Error('no storage'))

/** Storage that works until `fail` is called. */
function setUp() {
  const memory = createMemoryStore()
  const told: unknown[] = []
  let works = true
  const ifItWorks =
    <Args extends unknown[], T>(method: (...args: Args) => Promise<T>) =>
    (...args: Args) =>
      works ? method(...args) : no()
  const inner: RecordStore = {
    get: ifItWorks(memory.get),
    find: ifItWorks(memory.find),
    take: ifItWorks(memory.take),
    write: ifItWorks(memory.write),
    prune: ifItWorks(memory.prune),
    close: () => undefined,
  }
  const store = createResilientStore(
    () => inner,
    (cause) => told.push(cause),
  )
  const fail = () => {
    works = false
  }
  return { inner, memory, store, told, fail }
}

test('while storage works, reads use it, and no failure is reported', async () => {
  const { memory, store, told } = setUp()
  await store.write([put('a')])
  await memory.write([put('a', 'changed by another tab'), put('b')])
  expect((await store.get('accounts', 'a'))?.value).toBe('changed by another tab')
  expect(await store.find('accounts', 'x')).toHaveLength(2)
  await memory.write([{ type: 'delete', collection: 'accounts', key: 'a' }])
  expect(await store.get('accounts', 'a')).toBeUndefined()
  expect(told).toEqual([])
})

describe('when storage fails', () => {
  test('written and read records are still available', async () => {
    const { memory, store, fail } = setUp()
    await memory.write([put('before')])
    await store.find('accounts', 'x')
    await store.write([put('a')])
    fail()
    expect(await store.get('accounts', 'a')).toBeDefined()
    expect(await store.get('accounts', 'before')).toBeDefined()
    expect(await store.find('accounts', 'x')).toHaveLength(2)
  })

  test('the failed write is kept in memory', async () => {
    const { store, fail } = setUp()
    fail()
    expect(await store.write([put('a')])).toBe(true)
    expect((await store.get('accounts', 'a'))?.value).toBe('a')
  })

  test('a condition is checked in memory', async () => {
    const { store, fail } = setUp()
    await store.write([put('a')])
    fail()
    const onlyIf = { collection: 'accounts', key: 'a' } as const
    expect(await store.write([put('b')], onlyIf)).toBe(true)
    expect(await store.write([put('c')], { ...onlyIf, key: 'none' })).toBe(false)
    expect(await store.get('accounts', 'c')).toBeUndefined()
  })

  test('a record is still taken once', async () => {
    const { store, fail } = setUp()
    await store.write([put('a')])
    fail()
    const taken = [await store.take('accounts', 'a'), await store.take('accounts', 'a')]
    expect(taken.filter(Boolean)).toHaveLength(1)
  })

  test('a record that was taken before does not come back', async () => {
    const { store, fail } = setUp()
    await store.write([put('a')])
    await store.take('accounts', 'a')
    fail()
    expect(await store.take('accounts', 'a')).toBeUndefined()
  })

  test('deletions and pruning still work', async () => {
    const { store, fail } = setUp()
    await store.write([put('a'), put('b')])
    fail()
    await store.write([{ type: 'delete', collection: 'accounts', key: 'a' }])
    expect(await store.get('accounts', 'a')).toBeUndefined()
    await store.prune(9e15)
    expect(await store.find('accounts', 'x')).toEqual([])
  })

  test('the failure is reported once, with its cause', async () => {
    const { store, told, fail } = setUp()
    fail()
    await Promise.all([store.get('accounts', 'a'), store.find('accounts', 'x'), store.prune(1)])
    await store.write([put('a')])
    expect(told).toHaveLength(1)
    expect(String(told[0])).toContain('no storage')
  })

  test('a failure from outside is reported too, and storage is no longer used', async () => {
    const { memory, store, told } = setUp()
    await store.write([put('a')])
    store.degrade('lost')
    expect(told).toEqual(['lost'])
    await store.write([put('b')])
    expect(await memory.get('accounts', 'b')).toBeUndefined()
    expect(await store.get('accounts', 'b')).toBeDefined()
  })
})

describe('while storage fails', () => {
  test('a pending write that succeeded is kept', async () => {
    const { inner, store } = setUp()
    let arrive = () => {}
    const gate = new Promise<void>((resolve) => {
      arrive = resolve
    })
    const slow = { ...inner, write: () => gate.then(() => true) }
    const resilient = createResilientStore(
      () => slow,
      () => undefined,
    )
    const writing = resilient.write([put('a')])
    resilient.degrade('lost')
    arrive()
    await writing
    expect((await resilient.get('accounts', 'a'))?.value).toBe('a')
    store.close()
  })
})

describe('when storage works again', () => {
  /** Storage that fails on demand, and a clock for the next attempt. */
  function setUpClock() {
    const world = setUp()
    let nowMs = 0
    let works = true
    const write: RecordStore['write'] = (...args) => (works ? world.memory.write(...args) : no())
    const store = createResilientStore(
      () => ({ ...world.memory, write, close: () => undefined }),
      () => undefined,
      { now: () => nowMs },
    )
    return {
      ...world,
      store,
      fail: () => {
        works = false
      },
      comeBack: () => {
        works = true
        nowMs += 10_000
      },
    }
  }

  test('a write for an account that another tab removed is dropped', async () => {
    const { memory, store, fail, comeBack } = setUpClock()
    await store.write([put('alice'), put('other')])
    fail()
    const onlyIf = { collection: 'accounts', key: 'alice' } as const
    expect(await store.write([put('alice', 'renewed'), put('token')], onlyIf)).toBe(true)
    await memory.write([{ type: 'delete', collection: 'accounts', key: 'alice' }])
    comeBack()
    expect(await store.get('accounts', 'alice')).toBeUndefined()
    expect(await store.get('accounts', 'token')).toBeUndefined()
    expect(await store.get('accounts', 'other')).toBeDefined()
  })

  test('re-created storage gets all records in memory, regardless of conditions', async () => {
    const { memory, store, fail, comeBack } = setUpClock()
    await store.write([put('alice'), put('other')])
    fail()
    const onlyIf = { collection: 'accounts', key: 'alice' } as const
    await store.write([put('alice', 'renewed'), put('token')], onlyIf)
    await memory.prune(Number.MAX_SAFE_INTEGER)
    comeBack()
    expect((await store.get('accounts', 'alice'))?.value).toBe('renewed')
    expect(await store.get('accounts', 'token')).toBeDefined()
  })

  test('a write during the recovery is not lost', async () => {
    const { memory } = setUp()
    let nowMs = 0
    let works = false
    let late: (cause: unknown) => void = () => undefined
    let during = () => {}
    const store = createResilientStore(
      () => ({
        ...memory,
        async write(changes, onlyIf) {
          if (!works) return new Promise((_resolve, reject) => (late = reject))
          during()
          await new Promise((resolve) => setTimeout(resolve, 1))
          return memory.write(changes, onlyIf)
        },
      }),
      () => undefined,
      { now: () => nowMs },
    )
    const hanging = store.write([put('slow')])
    await Promise.resolve()
    store.degrade(new Error('lost'))
    await store.write([put('a')])
    works = true
    nowMs = 10_000
    during = () => late(new Error('too late'))
    await store.get('accounts', 'a')
    await hanging
    expect((await memory.get('accounts', 'slow'))?.value).toBe('slow')
  })
})
