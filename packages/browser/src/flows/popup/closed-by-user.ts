import { heldLocks } from '../../tabs/web-locks.ts'
import type { Popup } from './popup-window.ts'

/** For so many answers of the browser a page must keep its tie to the opener before it counts as one that does. */
const ANSWERS_UNTIL_SURE = 4
const LOOK_CLOSELY_EVERY_MS = 5
const LOOK_EVERY_MS = 25
/** How soon the focus comes back to the page when the user closes the window. */
const FOCUS_RETURNS_WITHIN_MS = 600
/** For how long an answer may still come where the focus tells nothing. */
const ANSWER_COMES_WITHIN_MS = 700

/** What is seen of a window at one moment. */
export interface Look {
  readonly closed: boolean
  /** It shows, or showed last, a page of another origin. */
  readonly foreign: boolean
  /** The page that opened it has the focus. */
  readonly focused: boolean
  readonly nowMs: number
}

/** What the looks up to now say. */
export interface Seen {
  /** How often the browser answered while a foreign page could be reached. */
  readonly answers: number
  /** The page lost its focus to the window: where it tells of the focus at all, it does so truly. */
  readonly lostFocus: boolean
  readonly closedSinceMs: number | undefined
}

export const NOTHING_SEEN: Seen = { answers: 0, lostFocus: false, closedSinceMs: undefined }

export function see(
  seen: Seen,
  { closed, foreign, focused, nowMs }: Look,
  hadFocus: boolean,
): Seen {
  return {
    answers: seen.answers + (foreign && !closed ? 1 : 0),
    lostFocus: seen.lostFocus || (hadFocus && !focused),
    closedSinceMs: closed ? (seen.closedSinceMs ?? nowMs) : undefined,
  }
}

/**
 * Whether the user has closed the window. A page with `Cross-Origin-Opener-Policy` cuts the tie to its opener:
 * `closed` is true then although the window lives. It does so while it loads, within one or two answers of the
 * browser; so `closed` is believed where the window was last seen on a page of ours, or on a foreign one that
 * had kept the tie for longer, and the focus is back.
 *
 * Nothing tells a window that was closed from one whose second or later page cut the tie, where the focus tells
 * nothing (as under browser automation) or the user had turned to the opener before. The window counts as
 * closed then, unless its answer is here at once.
 */
export function isClosedByUser(
  { answers, lostFocus, closedSinceMs }: Seen,
  { foreign, focused, nowMs }: Look,
): boolean {
  if (closedSinceMs === undefined || (foreign && answers < ANSWERS_UNTIL_SURE)) return false
  const closedForMs = nowMs - closedSinceMs
  if (lostFocus) return focused && closedForMs < FOCUS_RETURNS_WITHIN_MS
  return !foreign || closedForMs >= ANSWER_COMES_WITHIN_MS
}

/** Calls back when the user has closed a window that is on its way. Returns the way to stop. */
export function onClosedByUser(popup: Popup, callback: () => void): () => void {
  let stopped = false
  const watch = async () => {
    let window = popup.window()
    let seen = NOTHING_SEEN
    while (!stopped) {
      if (window !== popup.window()) seen = { ...NOTHING_SEEN, lostFocus: seen.lostFocus }
      window = popup.window()
      const look = {
        closed: window.closed,
        foreign: isForeign(window),
        focused: document.hasFocus(),
        nowMs: performance.now(),
      }
      seen = see(seen, look, popup.hadFocus)
      if (isClosedByUser(seen, look)) return callback()
      const isUnsure = look.foreign && !look.closed && seen.answers < ANSWERS_UNTIL_SURE
      await new Promise((next) =>
        setTimeout(next, isUnsure ? LOOK_CLOSELY_EVERY_MS : LOOK_EVERY_MS),
      )
      // Whatever the browser had to say of the window comes before its answer to this.
      if (isUnsure) await heldLocks()
    }
  }
  void watch()
  return () => {
    stopped = true
  }
}

/** A closed window still tells whose page it showed last. */
function isForeign(window: Window): boolean {
  try {
    return window.location.href === undefined
  } catch {
    return true
  }
}
