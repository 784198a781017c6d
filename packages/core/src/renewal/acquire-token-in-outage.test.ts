import { describe, expect, test } from 'vitest'
import { accountFromClaims } from '../accounts/account-claims.ts'
import { AuthError, isTransient } from '../errors/errors.ts'
import { HOUR_MS, createSilentTabs as setUp } from '../testing/silent-tabs.ts'
import { toTokenQuery } from '../tokens/token-query.ts'

const alice = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })
const read = toTokenQuery(alice, ['read'])

describe('the provider is down', () => {
  const failure = new AuthError('server_error', 'down')
  function setUpOutage(extendedMs?: number) {
    let isDown = false
    const world = setUp({
      ...(extendedMs !== undefined && { extendedMs }),
      before: () => (isDown ? Promise.reject(failure) : Promise.resolve()),
    })
    return {
      ...world,
      goDown: () => {
        isDown = true
      },
    }
  }

  test('a valid token is returned until it expires', async () => {
    const { acquire, platform, goDown, renewals } = setUpOutage()
    await acquire(read)
    goDown()
    platform.advance(HOUR_MS - 1)
    const answer = await acquire(read)
    expect([answer.record.token, answer.fromCache, renewals()]).toEqual(['token-1', true, 2])
    platform.advance(1)
    await expect(acquire(read)).rejects.toBe(failure)
  })

  test('a token is returned longer if the provider allows it', async () => {
    const { acquire, platform, goDown } = setUpOutage(2 * HOUR_MS)
    await acquire(read)
    goDown()
    platform.advance(2 * HOUR_MS - 1)
    expect((await acquire(read)).record.token).toBe('token-1')
    platform.advance(1)
    await expect(acquire(read)).rejects.toBe(failure)
  })

  test('the newest token is returned', async () => {
    const { acquire, platform, goDown } = setUpOutage(3 * HOUR_MS)
    await acquire(toTokenQuery(alice, ['mail', 'read']))
    platform.advance(HOUR_MS)
    await acquire(read)
    goDown()
    platform.advance(HOUR_MS)
    expect((await acquire(read)).record.token).toBe('token-2')
  })

  test('a caller that needs a newer token gets the error', async () => {
    const { acquire, platform, goDown } = setUpOutage(2 * HOUR_MS)
    await acquire(read)
    goDown()
    await expect(acquire(read, { issuedAfterMs: platform.now() })).rejects.toBe(failure)
  })

  test('a lock timeout counts as an outage too', async () => {
    const { acquire, platform } = setUp()
    await acquire(read)
    platform.advance(HOUR_MS - 1)
    platform.withLock = () => Promise.reject(new AuthError('timeout', 'waited'))
    expect((await acquire(read)).record.token).toBe('token-1')
  })
})

test('during a renewal, a valid token is returned immediately', async () => {
  let release = () => {}
  let gate: Promise<void> = Promise.resolve()
  const { acquire, platform, renewals, happened } = setUp({ before: () => gate })
  const { record } = await acquire(read)
  gate = new Promise((resolve) => {
    release = resolve
  })
  happened.length = 0
  const renewing = acquire(read, { issuedAfterMs: record.issuedAtMs })
  await expect.poll(() => happened).toContain('renew')
  platform.advance(HOUR_MS - 1)
  expect((await acquire(read)).record.token).toBe('token-1')
  platform.advance(1)
  const waiting = acquire(read)
  release()
  expect((await renewing).record.token).toBe('token-2')
  expect((await waiting).record.token).toBe('token-2')
  expect(renewals()).toBe(2)
})

test('transient failures include failures of discovery', () => {
  const cause = new AuthError('server_error', '503')
  expect(isTransient(new AuthError('discovery_failed', 'no document', { cause }))).toBe(true)
  expect(isTransient(new AuthError('discovery_failed', 'no JSON'))).toBe(false)
  expect(isTransient(new AuthError('invalid_response', 'x', { cause }))).toBe(false)
  expect(isTransient(cause)).toBe(true)
})
