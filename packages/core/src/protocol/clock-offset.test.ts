import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DIALECTS } from '../testing/dialects.ts'
import { clockOffsetMs, isWorthTelling, trustedOffsetMs } from './clock-offset.ts'

const NOW_MS = Date.UTC(2030, 0, 1)
const DAY_MS = 24 * 3_600_000

const issuedAt = (ms: number) => `e30.${btoa(JSON.stringify({ iat: ms / 1000 }))}.x`

describe("the offset of the provider's clock", () => {
  test('comes from a token of this response', () => {
    expect(clockOffsetMs(issuedAt(NOW_MS + DAY_MS), NOW_MS)).toBe(DAY_MS)
    expect(clockOffsetMs(issuedAt(NOW_MS - DAY_MS), NOW_MS)).toBe(-DAY_MS)
  })

  test('is 0 if it is small', () => {
    expect(clockOffsetMs(issuedAt(NOW_MS - 59_000), NOW_MS)).toBe(0)
  })

  test('is 0 without a readable token', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(Number.isFinite(clockOffsetMs(value, NOW_MS))).toBe(true)
      }),
    )
    expect(clockOffsetMs('a.b.c', NOW_MS)).toBe(0)
  })

  test('is reported from one minute on; on Entra from six minutes, because its tokens are backdated by five', () => {
    expect(isWorthTelling(-300_000, DIALECTS.entra)).toBe(false)
    expect(isWorthTelling(-360_000, DIALECTS.entra)).toBe(true)
    expect(isWorthTelling(60_000, DIALECTS.oidc)).toBe(true)
    expect(isWorthTelling(59_000, DIALECTS.oidc)).toBe(false)
  })
})

describe('a third clock decides', () => {
  test('the clock of the page is wrong', async () => {
    const offsetMs = await trustedOffsetMs(DAY_MS, NOW_MS, async () => NOW_MS + DAY_MS)
    expect(offsetMs).toBe(DAY_MS)
  })

  test('the token is old', async () => {
    expect(await trustedOffsetMs(-DAY_MS, NOW_MS, async () => NOW_MS + 500)).toBe(0)
  })

  test('it is read only for a large offset', async () => {
    const asked: string[] = []
    const offsetMs = await trustedOffsetMs(-300_000, NOW_MS, async () => {
      asked.push('asked')
      return NOW_MS
    })
    expect(offsetMs).toBe(-300_000)
    expect(asked).toEqual([])
  })

  const none = async () => undefined

  test('without a third clock, a token with the nonce of this request is trusted', async () => {
    expect(await trustedOffsetMs(DAY_MS, NOW_MS, none)).toBe(DAY_MS)
    expect(await trustedOffsetMs(DAY_MS, NOW_MS, () => Promise.reject(new Error('offline')))).toBe(
      DAY_MS,
    )
  })

  test.each([
    ['agrees with the earlier grant', -DAY_MS, -DAY_MS + 300_000, -DAY_MS],
    ['is of yesterday', -DAY_MS, 0, 0],
    ['shows a corrected clock', 0, DAY_MS, 0],
    ['contradicts the earlier offset', -DAY_MS, DAY_MS, DAY_MS],
  ])('without a third clock, a refreshed token that %s', async (_what, offset, earlier, by) => {
    expect(await trustedOffsetMs(offset, NOW_MS, none, earlier)).toBe(by)
  })
})
