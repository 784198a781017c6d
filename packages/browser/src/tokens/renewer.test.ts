import {
  type AccessTokenRecord,
  type Account,
  AuthError,
  accountKey,
  type TokenQuery,
  toTokenQuery,
} from '@carnet/core'
import { createEmitter } from '@carnet/core/base'
import { accountFromClaims } from '@carnet/core/fakes'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AuthEvents } from '../api/events.ts'
import { createAnnounce } from '../context/announce.ts'
import type { Context } from '../context/context.ts'
import { createRenewer } from './renewer.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const alice: Account = accountFromClaims({ iss: 'https://x', sub: 'alice' })
const ask = (...scopes: string[]): TokenQuery => toTokenQuery(alice, scopes)
const mail = ask('mail.read')

const record = (token: string, scopes = ['mail.read']): AccessTokenRecord => ({
  owner: accountKey(alice),
  token,
  tokenType: 'Bearer',
  resource: '',
  grantedScopes: scopes,
  requestedScopes: scopes,
  issuedAtMs: Date.now(),
  expiresAtMs: Date.now() + HOUR_MS,
})

/** A renewer whose renewals give a new token, unless there is a failure. */
function setUp(options: object = {}) {
  const asked: TokenQuery[] = []
  const world: { failure?: AuthError; isSignedIn: boolean; isOnline: boolean } = {
    isSignedIn: true,
    isOnline: true,
  }
  const events = createEmitter<AuthEvents>(() => undefined)
  const waits: (number | undefined)[] = []
  const changed = vi.fn()
  events.on('renewalFailed', ({ nextTryOn }) =>
    waits.push(nextTryOn && nextTryOn.getTime() - Date.now()),
  )
  const context = {
    config: { renewal: { enabled: true, leadTimeMs: 300_000, unused: false, ...options } },
    platform: { now: () => Date.now(), log: () => undefined },
    accounts: { record: () => (world.isSignedIn ? { account: alice } : undefined) },
    page: { isOnline: () => world.isOnline },
    announce: createAnnounce(events, { post: () => undefined, close: () => undefined }, changed),
  } as unknown as Context
  const renewer = createRenewer(context, async (query) => {
    asked.push(query)
    if (world.failure) throw world.failure
    return { record: record(`token-${asked.length}`, [...query.scopeKeys]), fromCache: false }
  })
  return { renewer, asked, world, waits, changed }
}

/** A new failure for each attempt: a shared failure is reported once. */
function fails(world: { failure?: AuthError }, retryAtMs?: number) {
  Object.defineProperty(world, 'failure', {
    configurable: true,
    get: () => new AuthError('server_error', 'down', { retryAtMs }),
  })
  return () => Reflect.deleteProperty(world, 'failure')
}

test('during an outage requests become rarer, and each failure is reported', async () => {
  const { renewer, asked, world, waits } = setUp()
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
    const { renewer, asked, world } = setUp()
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

  test('but not before the time in Retry-After', async () => {
    const { renewer, asked, world } = setUp()
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
    const { renewer, asked, world } = setUp()
    world.isOnline = false
    renewer.used(mail, record('held'))
    await vi.advanceTimersByTimeAsync(56 * MINUTE_MS)
    expect(asked).toHaveLength(1)
    renewer.close()
  })

  test('failed renewals are retried at most once a minute, and at once when online again', async () => {
    const { renewer, asked, world } = setUp()
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
  const { renewer, asked } = setUp()
  renewer.used(mail, record('held'))
  vi.setSystemTime(Date.now() - DAY_MS)
  await vi.advanceTimersByTimeAsync(MINUTE_MS)
  expect(asked).toHaveLength(1)
  renewer.close()
})

test('a clock change by seconds causes no renewal', async () => {
  const { renewer, asked } = setUp()
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
    const { renewer, asked } = setUp()
    renewer.used(first, record('held', ['calendar.read', 'mail.read']))
    renewer.used(second, record('held', ['calendar.read', 'mail.read']))
    expect(renewer.planned()).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(56 * MINUTE_MS)
    expect(asked.map(({ scopeKeys }) => scopeKeys)).toEqual([['calendar.read', 'mail.read']])
    renewer.close()
  })

  test('are renewed separately if neither query covers the other', async () => {
    const { renewer } = setUp()
    renewer.used(mail, record('held', ['calendar.read', 'mail.read']))
    renewer.used(ask('calendar.read'), record('held', ['calendar.read', 'mail.read']))
    expect(renewer.planned()).toHaveLength(2)
    renewer.close()
  })
})

test('a newer token for the same query replaces the older token', () => {
  const { renewer } = setUp()
  renewer.used(mail, record('old'))
  vi.setSystemTime(Date.now() + MINUTE_MS)
  const newer = record('new')
  renewer.used(mail, newer)
  expect(renewer.planned().map(({ expiresOn }) => expiresOn.getTime())).toEqual([newer.expiresAtMs])
  renewer.close()
})

test('no renewal is planned for an account that was signed out', () => {
  const { renewer, world } = setUp()
  renewer.used(mail, record('held'))
  expect(renewer.planned()).toHaveLength(1)
  world.isSignedIn = false
  expect(renewer.planned()).toEqual([])
  renewer.close()
})

test('a permanent failure is not retried', async () => {
  const { renewer, asked, world, waits } = setUp()
  world.failure = new AuthError('token_request_failed', 'no')
  renewer.used(mail, record('held'))
  await vi.advanceTimersByTimeAsync(2 * HOUR_MS)
  expect(asked).toHaveLength(1)
  expect(waits).toEqual([undefined])
  renewer.close()
})

test('the plans are frozen, the same until a plan changes, and each change is reported', async () => {
  const { renewer, changed } = setUp()
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

describe('at run time', () => {
  const hours = (count: number) => vi.advanceTimersByTimeAsync(count * HOUR_MS)

  test('stopped renewals wait, also for tokens that are used meanwhile, until they are started', async () => {
    const { renewer, asked, changed } = setUp()
    renewer.used(mail, record('held'))
    renewer.toggle(false)
    renewer.used(ask('files.read'), record('other', ['files.read']))
    await hours(2)
    expect([asked, renewer.planned()]).toEqual([[], []])
    changed.mockClear()
    renewer.toggle(true)
    await vi.advanceTimersByTimeAsync(0)
    expect(asked.map(({ scopeKeys }) => scopeKeys)).toEqual([['mail.read'], ['files.read']])
    expect(renewer.planned()).toHaveLength(2)
    expect(changed).toHaveBeenCalled()
  })

  test('a client that starts without renewals can start them', async () => {
    const { renewer, asked } = setUp({ enabled: false })
    renewer.used(mail, record('held'))
    await hours(1)
    expect(asked).toEqual([])
    renewer.toggle(true)
    await vi.advanceTimersByTimeAsync(0)
    expect(asked).toHaveLength(1)
  })
})

test('with the option `unused`, a token that no call uses is renewed again and again', async () => {
  const { renewer, asked } = setUp({ unused: true })
  renewer.used(mail, record('held'))
  await vi.advanceTimersByTimeAsync(5 * HOUR_MS)
  expect(asked).toHaveLength(5)
  const other = setUp()
  other.renewer.used(mail, record('held'))
  await vi.advanceTimersByTimeAsync(5 * HOUR_MS)
  expect(other.asked).toHaveLength(1)
})
