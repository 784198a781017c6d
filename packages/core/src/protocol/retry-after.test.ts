import fc from 'fast-check'
import { expect, test } from 'vitest'
import { retryAtMs } from './retry-after.ts'

const NOW_MS = Date.UTC(2030, 0, 1)

test('seconds and dates are read', () => {
  expect(retryAtMs('7', NOW_MS)).toBe(NOW_MS + 7000)
  expect(retryAtMs('Tue, 01 Jan 2030 00:00:09 GMT', NOW_MS)).toBe(NOW_MS + 9000)
})

test('a date uses the clock of the server, and seconds use no clock', () => {
  const serverNowMs = NOW_MS + 3_600_000
  expect(retryAtMs('Tue, 01 Jan 2030 01:00:09 GMT', NOW_MS, serverNowMs)).toBe(NOW_MS + 9000)
  expect(retryAtMs('7', NOW_MS, serverNowMs)).toBe(NOW_MS + 7000)
})

test('a date that has passed means now', () => {
  expect(retryAtMs('Mon, 31 Dec 2029 00:00:00 GMT', NOW_MS)).toBe(NOW_MS)
})

test('the longest wait is a day', () => {
  expect(retryAtMs('99999999999', NOW_MS)).toBe(NOW_MS + 24 * 3_600_000)
})

test.each([null, '', '  ', 'soon', '-3x'])('%j is ignored', (header) => {
  expect(retryAtMs(header, NOW_MS)).toBeUndefined()
})

test('every header gives an instant from now on, or undefined', () => {
  fc.assert(
    fc.property(fc.string(), (header) => {
      const atMs = retryAtMs(header, NOW_MS)
      if (atMs !== undefined) expect(atMs).toBeGreaterThanOrEqual(NOW_MS)
    }),
  )
})
