import { isAuthError } from '@carnet/core'
import { expect, test } from 'vitest'
import { createTabLock, patienceMsOf } from './lock.ts'

const uniqueName = () => `lock-${crypto.randomUUID()}`
const neverFrozen = { onFrozen: () => () => undefined }
const never = () => Promise.reject(new Error('The other lock was asked for.'))

test('work runs under a Web Lock, one after the other', async () => {
  const name = uniqueName()
  const withLock = createTabLock(5000, never, neverFrozen)
  const held = async () =>
    (await navigator.locks.query()).held?.filter((lock) => lock.name === name).length
  const happened: (number | undefined)[] = []
  const work = async () => happened.push(await held())
  await Promise.all([withLock(name, work), withLock(name, work)])
  expect(happened).toEqual([1, 1])
  expect(await held()).toBe(0)
})

test('the wait for the lock is bounded, the work is not', async () => {
  const name = uniqueName()
  let finish = () => {}
  let begin = () => {}
  const begun = new Promise<void>((resolve) => (begin = resolve))
  const slow = createTabLock(
    5000,
    never,
    neverFrozen,
  )(name, () => {
    begin()
    return new Promise<void>((resolve) => (finish = resolve))
  })
  await begun
  const waiting = createTabLock(1, never, neverFrozen)(name, async () => 'done')
  const error = await waiting.catch((caught: unknown) => caught)
  expect(isAuthError(error, 'lock_timeout')).toBe(true)
  finish()
  await slow
})

test('a page that asks anew gets the lock once, after the pages before it', async () => {
  const name = uniqueName()
  const finished: (() => void)[] = []
  const order: string[] = []
  const lockOf = () => createTabLock(60_000, never, neverFrozen, 5)
  const holds = (who: string) =>
    lockOf()(name, () => {
      order.push(who)
      return new Promise<void>((resolve) => finished.push(resolve))
    })
  const first = holds('first')
  await expect.poll(() => order).toEqual(['first'])
  const second = holds('second')
  const pendingIds = async () => {
    const { pending = [] } = await navigator.locks.query()
    return pending.filter((lock) => lock.name === name).length
  }
  await expect.poll(pendingIds).toBe(1)
  for (let turn = 0; turn < 20; turn++) await new Promise((next) => setTimeout(next, 5))
  expect(order).toEqual(['first'])
  finished.shift()?.()
  await first
  await expect.poll(() => order).toEqual(['first', 'second'])
  finished.shift()?.()
  await second
  expect(order).toHaveLength(2)
})

test('a frozen page releases the lock, and its work continues', async () => {
  const name = uniqueName()
  let store = () => {}
  const page = {
    onFrozen(callback: () => void) {
      store = callback
      return () => undefined
    },
  }
  let finish = (_: string) => {}
  const working = new Promise<string>((resolve) => (finish = resolve))
  const slow = createTabLock(5000, never, page)(name, () => working)
  await expect.poll(async () => (await navigator.locks.query()).held?.length).toBe(1)
  const waiting = createTabLock(5000, never, neverFrozen)(name, async () => 'next')
  store()
  expect(await waiting).toBe('next')
  finish('first')
  expect(await slow).toBe('first')
})

test('an error of the work rejects the call', async () => {
  const failing = createTabLock(
    5000,
    never,
    neverFrozen,
  )(uniqueName(), () => Promise.reject(new Error('mine')))
  await expect(failing).rejects.toThrow('mine')
})

test('without access to locks, the work still runs', async () => {
  // A name that begins so is reserved: the request is refused before it is granted.
  const withLock = createTabLock(5000, async (_name, work) => work(), neverFrozen)
  expect(await withLock(`-${uniqueName()}`, async () => 'done')).toBe('done')
})

test('the wait for the lock is as long as the work may take', () => {
  const patienceMs = patienceMsOf({
    requestTimeoutMs: 10_000,
    silent: { iframe: true, timeoutMs: 7000 },
  })
  expect(patienceMs).toBeGreaterThanOrEqual(3 * 10_000 + 7000)
})
