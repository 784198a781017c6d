import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRenewalLimit } from './renewal-limit.ts'

const HOUR_MS = 3_600_000
const lives = (lifetimeMs: number, issuedAtMs = 0) => ({
  issuedAtMs,
  expiresAtMs: issuedAtMs + lifetimeMs,
})

test('tokens with a lifetime below ten seconds are renewed at most once per second', () => {
  const gapsMs = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 })
  fc.assert(
    fc.property(gapsMs, fc.integer({ min: 0, max: 9999 }), (gaps, lifetimeMs) => {
      let nowMs = 0
      let renewedAtMs: number | undefined
      const limit = createRenewalLimit(() => nowMs)
      for (const gapMs of gaps) {
        nowMs += gapMs
        if (limit.isReached('key', nowMs)) continue
        limit.note('key', lives(lifetimeMs, nowMs))
        if (renewedAtMs !== undefined) expect(nowMs - renewedAtMs).toBeGreaterThanOrEqual(1000)
        renewedAtMs = nowMs
      }
    }),
  )
})

test('a clock that was set back causes at most one renewal per second', () => {
  let passedMs = 0
  const limit = createRenewalLimit(() => passedMs)
  limit.note('key', lives(HOUR_MS, 24 * HOUR_MS))
  expect(limit.isReached('key', 0)).toBe(true)
  passedMs = 1000
  expect(limit.isReached('key', 0)).toBe(false)
  limit.note('key', lives(HOUR_MS))
  expect(limit.isReached('key', 24 * HOUR_MS)).toBe(true)
})

test('a clock that was set forward is followed by a renewal at once', () => {
  const limit = createRenewalLimit(() => 0)
  limit.note('key', lives(HOUR_MS))
  expect(limit.isReached('key', 2 * HOUR_MS)).toBe(false)
})

test('one key never limits another', () => {
  const limit = createRenewalLimit(() => 0)
  limit.note('a', lives(0))
  expect([limit.isReached('a', 0), limit.isReached('b', 0)]).toEqual([true, false])
})
