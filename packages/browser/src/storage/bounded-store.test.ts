import { createMemoryStore, type RecordStore } from '@carnet/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createBoundedStore, within } from './bounded-store.ts'
import { createResilientStore } from './resilient-store.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const never = () => new Promise<never>(() => undefined)
const silent: RecordStore = {
  get: never,
  find: never,
  take: never,
  write: never,
  prune: never,
  close: () => undefined,
}
const put = (key: string) =>
  ({
    type: 'put',
    collection: 'accounts',
    record: { key, tags: ['x'], expiresAtMs: 8e15, value: key },
  }) as const

/** Returns whether a promise has settled, and how. */
async function outcomeOf(promise: Promise<unknown>) {
  let outcome = 'pending'
  promise.then(
    () => {
      outcome = 'resolved'
    },
    () => {
      outcome = 'rejected'
    },
  )
  await vi.advanceTimersByTimeAsync(0)
  return { now: () => outcome }
}

test.each([
  ['get', (store: RecordStore) => store.get('accounts', 'a')],
  ['find', (store: RecordStore) => store.find('accounts', 'a')],
  ['take', (store: RecordStore) => store.take('accounts', 'a')],
  ['write', (store: RecordStore) => store.write([put('a')])],
  ['prune', (store: RecordStore) => store.prune(0)],
])('%s of a store that never answers rejects when the time is over', async (_, call) => {
  const outcome = await outcomeOf(call(createBoundedStore(silent, 1000)))
  await vi.advanceTimersByTimeAsync(999)
  expect(outcome.now()).toBe('pending')
  await vi.advanceTimersByTimeAsync(1)
  expect(outcome.now()).toBe('rejected')
})

test('a result in time is returned, and no timer remains', async () => {
  const store = createBoundedStore(createMemoryStore(), 1000)
  expect(await store.write([put('a')])).toBe(true)
  expect((await store.get('accounts', 'a'))?.value).toBe('a')
  await expect(within(1000, Promise.reject(new Error('below')))).rejects.toThrow('below')
  expect(vi.getTimerCount()).toBe(0)
})

test('after a page was frozen, an available result has priority over the timer', async () => {
  let answer = (_: string) => {}
  const waiting = within(
    1000,
    new Promise<string>((resolve) => {
      answer = resolve
    }),
  )
  // All the time passes at once, as after a sleep; the answer is the next event of the page.
  vi.setSystemTime(Date.now() + 60_000)
  await vi.advanceTimersByTimeAsync(500)
  answer('there')
  expect(await waiting).toBe('there')
})

test('a client continues in memory while storage hangs, and then uses storage again', async () => {
  const memory = createMemoryStore()
  let answers = false
  const onHealed = vi.fn()
  const told = vi.fn()
  const store = createResilientStore(
    () => createBoundedStore(answers ? memory : silent, 1000),
    told,
    { onHealed, isAnew: async () => false },
  )
  const writing = store.write([put('a')])
  await vi.advanceTimersByTimeAsync(1000)
  expect(await writing).toBe(true)
  expect(told).toHaveBeenCalledOnce()

  // An attempt that hangs does not delay callers for its whole time.
  vi.setSystemTime(Date.now() + 10_000)
  const outcome = await outcomeOf(store.get('accounts', 'a'))
  await vi.advanceTimersByTimeAsync(400)
  expect(outcome.now()).toBe('resolved')

  await vi.advanceTimersByTimeAsync(1000)
  answers = true
  store.retry()
  await vi.advanceTimersByTimeAsync(10)
  expect(onHealed).toHaveBeenCalledOnce()
  expect((await memory.get('accounts', 'a'))?.value).toBe('a')
  expect(told).toHaveBeenCalledOnce()
})
