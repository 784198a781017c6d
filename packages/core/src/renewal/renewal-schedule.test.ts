import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AccessTokenRecord } from '../tokens/token-record.ts'
import { backoffMs, renewalAtMs, retryMs } from './renewal-schedule.ts'

const HOUR_MS = 3_600_000
const LEAD_MS = 300_000

const token = (lifetimeMs: number, refreshInMs?: number): AccessTokenRecord => ({
  owner: 'a',
  resource: '',
  requestedScopes: [],
  grantedScopes: [],
  token: 't',
  tokenType: 'Bearer',
  issuedAtMs: 1_000_000,
  expiresAtMs: 1_000_000 + lifetimeMs,
  refreshAtMs: refreshInMs === undefined ? undefined : 1_000_000 + refreshInMs,
})

const after = (record: AccessTokenRecord, jitter = 0) =>
  renewalAtMs(record, LEAD_MS, jitter) - record.issuedAtMs

describe('the time of a renewal', () => {
  test('is the lead time before the expiry', () => {
    expect(after(token(HOUR_MS))).toBe(HOUR_MS - LEAD_MS)
  })

  test('is in the last fifth of a short lifetime', () => {
    expect(after(token(20_000))).toBe(16_000)
  })

  test('is the time that the provider requests', () => {
    expect(after(token(HOUR_MS, 600_000))).toBe(600_000)
    expect(after(token(HOUR_MS, 2 * HOUR_MS))).toBe(HOUR_MS - LEAD_MS) // A wish after the end is none.
  })

  test('is never before the lead time, and always before the expiry', () => {
    const life = fc.integer({ min: 1000, max: 100 * HOUR_MS })
    const jitter = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(life, jitter, (lifetimeMs, spread) => {
        const record = token(lifetimeMs)
        const atMs = after(record, spread)
        expect(atMs).toBeGreaterThanOrEqual(after(record) - 1e-6)
        expect(atMs).toBeLessThan(lifetimeMs)
        expect(atMs).toBeGreaterThanOrEqual(lifetimeMs * 0.8 - 1e-6)
      }),
    )
  })
})

describe('the wait after failures', () => {
  test('doubles from a second up to five minutes', () => {
    const waits = [1, 2, 3, 4].map((attempt) => backoffMs(attempt, 0))
    expect(waits).toEqual([1000, 2000, 4000, 8000])
    expect(backoffMs(50, 0)).toBe(5 * 60_000)
  })

  test('is spread by at most a half', () => {
    expect(backoffMs(3, 1)).toBe(2000)
    expect(backoffMs(3, 0.5)).toBe(3000)
  })
})

describe('the wait of a background renewal after failures', () => {
  test('is short three times, because most faults are short', () => {
    expect([1, 2, 3].map((attempt) => retryMs(attempt, HOUR_MS, 0))).toEqual([1000, 2000, 4000])
  })

  test('is then spread from ten to thirty minutes, for a token lifetime of an hour', () => {
    expect([0, 1].map((jitter) => retryMs(4, HOUR_MS, jitter))).toEqual([600_000, 1_800_000])
  })

  test('never exceeds the lifetime of the token, except for lifetimes of seconds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 1000 }),
        fc.integer({ min: 0, max: 100 * HOUR_MS }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, lifetimeMs, jitter) => {
          const waitMs = retryMs(attempt, lifetimeMs, jitter)
          expect(waitMs).toBeGreaterThanOrEqual(9_999)
          expect(waitMs).toBeLessThanOrEqual(Math.max(30_000, lifetimeMs))
        },
      ),
    )
  })
})
