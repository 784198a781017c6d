import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startPatientTimer } from './patient-timer.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Starts a timer of a second, with a clock that shows `showsMs` when it is due. */
function started(showsMs: number) {
  const work = vi.fn()
  const clock = vi.fn().mockReturnValueOnce(0).mockReturnValue(showsMs)
  return { work, timer: startPatientTimer(work, 1000, clock) }
}

test('a timer in time works at once', () => {
  const { work } = started(1001)
  vi.advanceTimersByTime(999)
  expect(work).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(work).toHaveBeenCalledTimes(1)
})

test('after a freeze, answers come first', () => {
  const { work } = started(21_000)
  vi.advanceTimersByTime(1000)
  expect(work).not.toHaveBeenCalled()
  vi.advanceTimersByTime(999)
  expect(work).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(work).toHaveBeenCalledTimes(1)
})

test.each([500, 1500])('a timer that is stopped after %d ms does not work', (afterMs) => {
  const { work, timer } = started(21_000)
  vi.advanceTimersByTime(afterMs)
  clearTimeout(timer)
  vi.advanceTimersByTime(10_000)
  expect(work).not.toHaveBeenCalled()
})
