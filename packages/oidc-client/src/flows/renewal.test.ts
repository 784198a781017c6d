import { AuthError } from '@carnet/browser'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { UserManagerEvents } from '../values/user-events.ts'
import { createRenewal } from './renewal.ts'

const offline = () => new AuthError('network_error', 'gone', { cause: new TypeError('no network') })
const timeout = () => new AuthError('iframe_timeout', 'late')
const refused = () => new AuthError('access_denied', 'no', { oauth: { error: 'access_denied' } })

/** A renewal whose attempts fail with the given errors, and then succeed. */
function setUp(errors: (() => AuthError)[], { mostTimeouts }: { mostTimeouts?: number } = {}) {
  const events = new UserManagerEvents({
    accessTokenExpiringNotificationTimeInSeconds: 60,
  } as never)
  const reported: string[] = []
  events.addSilentRenewError(({ name, message }) => void reported.push(`${name}: ${message}`))
  const state = { attempts: 0, isExpired: false }
  const renewal = createRenewal({
    events,
    async renew() {
      const error = errors[state.attempts]
      state.attempts += 1
      if (error) throw error()
    },
    isExpired: () => state.isExpired,
    mostTimeouts,
  })
  return { renewal, reported, state }
}

describe('the automatic renewal', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal('addEventListener', () => undefined)
    vi.stubGlobal('removeEventListener', () => undefined)
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  test('tries again without a network, and reports nothing if it succeeds in time', async () => {
    const { renewal, reported, state } = setUp([offline, offline])
    await renewal.attempt()
    await vi.advanceTimersByTimeAsync(60_000)
    expect([state.attempts, reported]).toEqual([3, []])
  })

  test('reports once that the token expired without a network, and goes on', async () => {
    const { renewal, reported, state } = setUp([offline, offline, offline])
    state.isExpired = true
    await renewal.attempt()
    await vi.advanceTimersByTimeAsync(120_000)
    expect([state.attempts, reported]).toEqual([4, ['TypeError: no network']])
  })

  test('reports a refusal at once, and ends', async () => {
    const { renewal, reported, state } = setUp([refused])
    await renewal.attempt()
    await vi.advanceTimersByTimeAsync(600_000)
    expect([state.attempts, reported]).toEqual([1, ['ErrorResponse: access_denied']])
  })

  test('repeats after timeouts every five seconds, up to the limit of the app', async () => {
    const { renewal, reported, state } = setUp([timeout, timeout, timeout], { mostTimeouts: 1 })
    await renewal.attempt()
    await vi.advanceTimersByTimeAsync(60_000)
    expect([state.attempts, reported]).toEqual([
      2,
      ['ErrorTimeout: IFrame timed out without a response'],
    ])
  })

  test('ends when the app stops it', async () => {
    const { renewal, reported, state } = setUp([offline, offline])
    await renewal.attempt()
    renewal.end()
    await vi.advanceTimersByTimeAsync(600_000)
    expect([state.attempts, reported]).toEqual([1, []])
  })
})
