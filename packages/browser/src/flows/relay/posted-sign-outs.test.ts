import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { postedSignOuts } from './posted-sign-outs.ts'

const [OP, OTHER] = ['https://idp.example', 'https://other.example']
const NOW_MS = Date.UTC(2030, 0, 1)
const DAY_MS = 24 * 3_600_000

/** The part of Web Storage that is used, with its records as own properties. */
function fakeStorage() {
  const storage: Record<string, unknown> = {}
  const define = (name: string, value: unknown) =>
    Object.defineProperty(storage, name, { value, enumerable: false })
  define('getItem', (key: string) => storage[key] ?? null)
  define('setItem', (key: string, value: string) => {
    storage[key] = value
  })
  define('removeItem', (key: string) => {
    delete storage[key]
  })
  return storage
}

beforeEach(() => void vi.stubGlobal('localStorage', fakeStorage()))
afterEach(() => void vi.unstubAllGlobals())

test('a provider counts as accepting POST until a sign-out does not return', () => {
  expect(postedSignOuts.hasFailed(OP, NOW_MS)).toBe(false)
  postedSignOuts.note(OP, 's1', NOW_MS)
  expect(postedSignOuts.hasFailed(OP, NOW_MS + 1)).toBe(true)
  expect(postedSignOuts.hasFailed(OTHER, NOW_MS + 1)).toBe(false)
})

test('only the returned `state` of the sign-out deletes the record', () => {
  postedSignOuts.note(OP, 's1', NOW_MS)
  postedSignOuts.noteReturn('s2')
  expect(postedSignOuts.hasFailed(OP, NOW_MS)).toBe(true)
  postedSignOuts.noteReturn('s1')
  expect(postedSignOuts.hasFailed(OP, NOW_MS)).toBe(false)
})

test('POST is tried again after a month, and after a jump of the clock', () => {
  postedSignOuts.note(OP, 's1', NOW_MS)
  expect(postedSignOuts.hasFailed(OP, NOW_MS + 29 * DAY_MS)).toBe(true)
  expect(postedSignOuts.hasFailed(OP, NOW_MS + 31 * DAY_MS)).toBe(false)
  expect(postedSignOuts.hasFailed(OP, NOW_MS - 31 * DAY_MS)).toBe(false)
})

test.each(['', 'null', '7', '{', '{"nowMs":"x"}', '[]'])('the record %j is ignored', (text) => {
  localStorage.setItem(`carnet|posted-sign-out|${OP}`, text)
  expect(postedSignOuts.hasFailed(OP, NOW_MS)).toBe(false)
  postedSignOuts.noteReturn('s1')
})

test('without storage, nothing is stored and nothing fails', () => {
  vi.stubGlobal('localStorage', undefined)
  postedSignOuts.note(OP, 's1', NOW_MS)
  postedSignOuts.noteReturn('s1')
  expect(postedSignOuts.hasFailed(OP, NOW_MS)).toBe(false)
})
