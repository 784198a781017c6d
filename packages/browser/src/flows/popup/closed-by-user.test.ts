import { describe, expect, test } from 'vitest'
import { isClosedByUser, type Look, NOTHING_SEEN, see } from './closed-by-user.ts'

const EMPTY = { closed: false, foreign: false }
const AWAY = { closed: false, foreign: true }
const GONE = { closed: true, foreign: true }
const GONE_EMPTY = { closed: true, foreign: false }

/** Observes every 25 ms, and returns the time from the first sign until the popup counted as closed. */
function closedAfterMs(looks: Partial<Look>[], { hadFocus = true } = {}): number | undefined {
  let seen = NOTHING_SEEN
  for (const [index, change] of looks.entries()) {
    const look = { closed: false, foreign: false, focused: true, nowMs: index * 25, ...change }
    seen = see(seen, look, hadFocus)
    if (isClosedByUser(seen, look)) return look.nowMs - (seen.closedSinceMs ?? Number.NaN)
  }
  return undefined
}
const times = <T>(count: number, look: T): T[] => Array.from({ length: count }, () => look)
const unfocused = <T>(look: T) => ({ ...look, focused: false })

describe('without information from the focus, as under automation', () => {
  test('a popup that closes while it is empty counts as closed at once', () => {
    expect(closedAfterMs([EMPTY, GONE_EMPTY])).toBe(0)
  })

  test('a page that disconnects at its load does not count as closed, for any length of time', () => {
    expect(closedAfterMs([EMPTY, ...times(4000, GONE)])).toBeUndefined()
    expect(closedAfterMs([EMPTY, AWAY, AWAY, ...times(4000, GONE)])).toBeUndefined()
  })

  test('a popup that closes on a connected page counts as closed within a second', () => {
    expect(closedAfterMs([EMPTY, ...times(4, AWAY), ...times(60, GONE)])).toBe(700)
  })

  test('a popup that is reachable again is not closed', () => {
    const looks = [...times(9, AWAY), ...times(20, GONE), AWAY, ...times(20, GONE), AWAY]
    expect(closedAfterMs(looks)).toBeUndefined()
  })
})

describe('if the popup got the focus', () => {
  const open = [EMPTY, ...times(8, unfocused(AWAY))]

  test('the return of the focus shows immediately that the popup was closed', () => {
    expect(closedAfterMs([...open, unfocused(GONE), GONE])).toBe(25)
  })

  test('a later page that disconnects keeps the focus, so the popup does not count as closed', () => {
    expect(closedAfterMs([...open, ...times(4000, unfocused(GONE))])).toBeUndefined()
  })

  test('a user who looks at the opener later has not closed the popup', () => {
    const looks = [...open, ...times(40, unfocused(GONE)), ...times(400, GONE)]
    expect(closedAfterMs(looks)).toBeUndefined()
  })

  test('a popup that the browser replaced while it was empty is not closed', () => {
    const looks = [EMPTY, unfocused(EMPTY), ...times(400, unfocused(GONE_EMPTY))]
    expect(closedAfterMs(looks)).toBeUndefined()
  })
})

test('in a page that never had the focus, the focus gives no information', () => {
  const looks = [...times(8, unfocused(AWAY)), ...times(60, unfocused(GONE))]
  expect(closedAfterMs(looks, { hadFocus: false })).toBe(700)
})
