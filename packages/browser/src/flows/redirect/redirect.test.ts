import { AuthError } from '@carnet/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { StoppedNavigation } from '../../platform/page-navigation.ts'
import { fakeNavigation, fakePage } from '../../testing/fakes.ts'
import { errorOf, navigateAway, noteOf, type Stay } from './redirect.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const SECOND_MS = 1000

function setUp({ wasQuestioned = false } = {}) {
  let stop: (how: StoppedNavigation) => void = () => undefined
  const listeners = { stored: new Set<() => void>(), restored: new Set<() => void>() }
  const ended = vi.fn()
  const onMessage = (which: Set<() => void>) => (callback: () => void) => {
    which.add(callback)
    return () => which.delete(callback)
  }
  const page = fakePage('https://app.example', {
    navigate: () =>
      fakeNavigation({
        stopped: new Promise((resolve) => {
          stop = resolve
        }),
        wasQuestioned: () => wasQuestioned,
        end: ended,
      }),
    onStored: onMessage(listeners.stored),
    onRestored: onMessage(listeners.restored),
  })
  const { left, stayed } = navigateAway({ url: 'https://idp.example/' }, page)
  const seen: { left: boolean; stay?: Stay } = { left: false }
  void left.then(() => {
    seen.left = true
  })
  void stayed.then((stay) => {
    seen.stay = stay
  })
  const passes = (ms: number) => vi.advanceTimersByTimeAsync(ms)
  const tell = (which: 'stored' | 'restored') => {
    for (const callback of [...listeners[which]]) callback()
  }
  return { seen, passes, tell, ended, listeners, stop: (how: StoppedNavigation) => stop(how) }
}

test('during a navigation, the next click may start after two seconds, and the call settles after ten', async () => {
  const { seen, passes } = setUp()
  await passes(1.9 * SECOND_MS)
  expect(seen).toEqual({ left: false })
  await passes(0.2 * SECOND_MS)
  expect(seen).toEqual({ left: true })
  await passes(7.8 * SECOND_MS)
  expect(seen.stay).toBeUndefined()
  await passes(0.2 * SECOND_MS)
  expect(seen.stay).toEqual({ why: 'stillShown', wasQuestioned: false })
})

test('after a stopped navigation, the next click may start immediately', async () => {
  const { seen, passes, stop } = setUp()
  stop({ by: 'user' })
  await passes(0)
  expect(seen).toEqual({ left: true, stay: { why: 'stopped', by: 'user' } })
})

test('a page in the back-forward cache settles only when it is restored', async () => {
  const { seen, passes, tell } = setUp()
  await passes(SECOND_MS)
  tell('stored')
  await passes(3600 * SECOND_MS)
  expect(seen.stay).toBeUndefined()
  tell('restored')
  await passes(0)
  expect(seen.stay).toEqual({ why: 'restored' })
})

test('nothing listens and no timer runs after it has settled', async () => {
  const { passes, tell, ended, listeners } = setUp()
  tell('restored')
  await passes(3 * SECOND_MS)
  expect(ended).toHaveBeenCalledOnce()
  expect(listeners.stored.size + listeners.restored.size).toBe(0)
  expect(vi.getTimerCount()).toBe(0)
})

test.each<[Stay, string]>([
  [{ why: 'restored' }, 'user_cancelled'],
  [{ why: 'stopped', by: 'user' }, 'user_cancelled'],
  [{ why: 'stopped', by: 'page' }, 'navigation_stopped'],
  [{ why: 'stillShown', wasQuestioned: true }, 'user_cancelled'],
  [{ why: 'stillShown', wasQuestioned: false }, 'navigation_stopped'],
])('%j causes %s', (stay, code) => {
  const error = errorOf(stay)
  expect(error).toBeInstanceOf(AuthError)
  expect(error.code).toBe(code)
})

test('the note of a redirect has no secret if only the storage of the tab has the transaction', () => {
  const state = 'carnet-12345678-r.5ecret-random.1.mx0'
  expect(noteOf(state, { isDegraded: () => true })).toBe('carnet-12345678-r.')
  expect(noteOf(state, { isDegraded: () => false })).toBe(state)
})
