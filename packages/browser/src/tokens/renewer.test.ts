import { AuthError } from '@carnet/core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ask, HOUR_MS, mail, record, setUpRenewer } from '../testing/renewer.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * HOUR_MS

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A new failure for each attempt: a shared failure is reported once. */
function fails(world: { failure?: AuthError }, retryAtMs?: number) {
  Object.defineProperty(world, 'failure', {
    configurable: true,
    get: () => new AuthError('server_error', 'down', { retryAtMs }),
  })
  return () => Reflect.deleteProperty(world, 'failure')
}

test('during an outage requests become rarer, and each failure is reported', async () => {
  const { renewer, asked, world, waits } = setUpRenewer()
  fails(world)
  renewer.used(mail, record('held'))
  await vi.advanceTimersByTimeAsync(HOUR_MS)
  const before = asked.length
  await vi.advanceTimersByTimeAsync(30 * MINUTE_MS)
  expect(asked.length).toBeGreaterThan(before)
  expect(asked.length).toBeLessThan(before + 10)
  expect(waits).toHaveLength(asked.length)
  for (const waitMs of waits) expect(waitMs).toBeGreaterThan(0)
  expect(renewer.nextTryAtMs(mail)).toBeGreaterThan(Date.now())
  renewer.close()
})

describe('back online', () => {
  test('a failed renewal is retried at once, and forced', async () => {
    const { renewer, asked, world } = setUpRenewer()
    const mend = fails(world)
    renewer.used(mail, record('held'))
    await vi.advanceTimersByTimeAsync(HOUR_MS)
    mend()
    const before = asked.length
    renewer.check(false)
    expect(asked).toHaveLength(before)
    renewer.check(true)
    expect(asked).toHaveLength(before + 1)
    expect(asked.at(-1)?.forceRefresh).toBe(true)
    renewer.close()
  })

  test('a renewal that began without a network is repeated at once, and forced', async () => {
    const { renewer, asked, world } = setUpRenewer()
    const mend = fails(world)
    renewer.used(mail, record('held'))
    vi.setSystemTime(Date.now() + 56 * MINUTE_MS)
    renewer.check()
    expect(asked).toHaveLength(1)
    renewer.check(true)
    mend()
    await vi.advanceTimersByTimeAsync(0)
    expect(asked.map(({ forceRefresh }) => forceRefresh)).toEqual([false, true])
    await vi.advanceTimersByTimeAsync(MINUTE_MS)
    expect(asked).toHaveLength(2)
    renewer.close()
  })

  test('but not before the time in Retry-After', async () => {
    const { renewer, asked, world } = setUpRenewer()
    const mend = fails(world, Date.now() + HOUR_MS)
    renewer.used(mail, record('held'))
    await vi.advanceTimersByTimeAsync(56 * MINUTE_MS)
    mend()
    renewer.check(true)
    expect(asked).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(5 * MINUTE_MS)
    expect(asked).toHaveLength(2)
    renewer.close()
  })
})

describe('while the browser reports that it is offline', () => {
  test('due tokens are renewed anyway, because the browser may be wrong', async () => {
    const { renewer, asked, world } = setUpRenewer()
    world.isOnline = false
    renewer.used(mail, record('held'))
    await vi.advanceTimersByTimeAsync(56 * MINUTE_MS)
    expect(asked).toHaveLength(1)
    renewer.close()
  })

  test('failed renewals are retried at most once a minute, and at once when online again', async () => {
    const { renewer, asked, world } = setUpRenewer()
    world.isOnline = false
    Object.defineProperty(world, 'failure', {
      configurable: true,
      get: () => new AuthError('offline', 'no network'),
    })
    renewer.used(mail, record('held'))
    await vi.advanceTimersByTimeAsync(56 * MINUTE_MS)
    const before = asked.length
    await vi.advanceTimersByTimeAsync(10 * MINUTE_MS)
    expect(asked.length - before).toBeLessThanOrEqual(10)
    expect(asked.length - before).toBeGreaterThan(0)
    Reflect.deleteProperty(world, 'failure')
    const offline = asked.length
    world.isOnline = true
    renewer.check(true)
    expect(asked).toHaveLength(offline + 1)
    renewer.close()
  })
})

test('a clock that was set back by a day makes no renewal wait for a day', async () => {
  const { renewer, asked } = setUpRenewer()
  renewer.used(mail, record('held'))
  vi.setSystemTime(Date.now() - DAY_MS)
  await vi.advanceTimersByTimeAsync(MINUTE_MS)
  expect(asked).toHaveLength(1)
  renewer.close()
})

test('a clock change by seconds causes no renewal', async () => {
  const { renewer, asked } = setUpRenewer()
  renewer.used(mail, record('held'))
  vi.setSystemTime(Date.now() - 20_000)
  await vi.advanceTimersByTimeAsync(2 * MINUTE_MS)
  expect(asked).toEqual([])
  renewer.close()
})

describe('queries that one token answers', () => {
  test.each([
    ['the narrower first', mail, ask('calendar.read', 'mail.read')],
    ['the broader first', ask('calendar.read', 'mail.read'), mail],
  ])('(%s) are renewed once, by the broader query', async (_what, first, second) => {
    const { renewer, asked } = setUpRenewer()
    renewer.used(first, record('held', ['calendar.read', 'mail.read']))
    renewer.used(second, record('held', ['calendar.read', 'mail.read']))
    expect(renewer.planned()).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(56 * MINUTE_MS)
    expect(asked.map(({ scopeKeys }) => scopeKeys)).toEqual([['calendar.read', 'mail.read']])
    renewer.close()
  })

  test('are renewed separately if neither query covers the other', async () => {
    const { renewer } = setUpRenewer()
    renewer.used(mail, record('held', ['calendar.read', 'mail.read']))
    renewer.used(ask('calendar.read'), record('held', ['calendar.read', 'mail.read']))
    expect(renewer.planned()).toHaveLength(2)
    renewer.close()
  })
})

test('a newer token for the same query replaces the older token', () => {
  const { renewer } = setUpRenewer()
  renewer.used(mail, record('old'))
  vi.setSystemTime(Date.now() + MINUTE_MS)
  const newer = record('new')
  renewer.used(mail, newer)
  expect(renewer.planned().map(({ expiresOn }) => expiresOn.getTime())).toEqual([newer.expiresAtMs])
  renewer.close()
})

test('no renewal is planned for an account that was signed out', () => {
  const { renewer, world } = setUpRenewer()
  renewer.used(mail, record('held'))
  expect(renewer.planned()).toHaveLength(1)
  world.isSignedIn = false
  expect(renewer.planned()).toEqual([])
  renewer.close()
})

test('a permanent failure is not retried', async () => {
  const { renewer, asked, world, waits } = setUpRenewer()
  world.failure = new AuthError('token_request_failed', 'no')
  renewer.used(mail, record('held'))
  await vi.advanceTimersByTimeAsync(2 * HOUR_MS)
  expect(asked).toHaveLength(1)
  expect(waits).toEqual([undefined])
  renewer.close()
})

test('the plans are frozen, the same until a plan changes, and each change is reported', async () => {
  const { renewer, changed } = setUpRenewer()
  const nobody = renewer.planned()
  expect(renewer.planned()).toBe(nobody)
  renewer.used(mail, record('held'))
  const planned = renewer.planned()
  expect(planned).not.toBe(nobody)
  expect(Object.isFrozen(planned) && planned.every(Object.isFrozen)).toBe(true)
  await vi.advanceTimersByTimeAsync(0)
  expect(changed).toHaveBeenCalledTimes(1)

  renewer.used(mail, record('held'))
  await vi.advanceTimersByTimeAsync(10 * MINUTE_MS)
  expect(renewer.planned()).toBe(planned)
  expect(changed).toHaveBeenCalledTimes(1)

  await vi.advanceTimersByTimeAsync(50 * MINUTE_MS)
  expect(renewer.planned()).not.toBe(planned)
  expect(changed.mock.calls.length).toBeGreaterThan(1)
  renewer.close()
})
