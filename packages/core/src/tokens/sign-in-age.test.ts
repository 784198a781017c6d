import { expect, test } from 'vitest'
import { isYoungEnough, maxAgeSeconds, signInTimeOf } from './sign-in-age.ts'

const NOW_MS = 1_800_000_000_000
const ago = (seconds: number) => NOW_MS / 1000 - seconds

test.each<[string, number | undefined, number | undefined, boolean]>([
  ['a sign-in of a minute ago', ago(60), 60_000, true],
  ['a sign-in of more than a minute ago', ago(61), 60_000, false],
  ['a sign-in without a known time', undefined, 60_000, false],
  ['any sign-in, for a request without a maximum age', undefined, undefined, true],
  ['a sign-in of a second ago, for a maximum age of 0', ago(1), 0, false],
])('%s', (_what, authTime, maxAgeMs, isYoung) => {
  expect(isYoungEnough({ authTime }, maxAgeMs, NOW_MS)).toBe(isYoung)
})

test('the age uses the clock of the provider', () => {
  const anHour = 3_600_000
  const there = (NOW_MS + anHour) / 1000
  expect(isYoungEnough({ authTime: there - 30, clockOffsetMs: anHour }, 60_000, NOW_MS)).toBe(true)
  expect(isYoungEnough({ authTime: there - 90, clockOffsetMs: anHour }, 60_000, NOW_MS)).toBe(false)
})

test('a later `auth_time` at each refresh does not change the age of the sign-in', () => {
  const held = {
    owner: 'a',
    token: 't',
    requestedScopes: [],
    grantedScopes: [],
    issuedAtMs: NOW_MS,
  }
  const signedInAtMs = NOW_MS - 600_000
  expect(signInTimeOf({ ...held, signedInAtMs, authTime: ago(0) })).toBe(ago(600))
  expect(signInTimeOf({ ...held, signedInAtMs, authTime: ago(900) })).toBe(ago(900))
  expect(signInTimeOf({ ...held, signedInAtMs })).toBeUndefined()
})

test.each([
  [0, 0],
  [60_000, 60],
  [999, 0],
  [undefined, undefined],
])('%s ms are sent as %s seconds, never as more', (maxAgeMs, seconds) => {
  expect(maxAgeSeconds(maxAgeMs)).toBe(seconds)
})
