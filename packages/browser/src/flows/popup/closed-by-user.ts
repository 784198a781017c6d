import { heldLocks } from '../../tabs/web-locks.ts'
import type { Popup } from './opened-popup.ts'

/** A foreign page counts as connected to its opener after this many answers of the browser. */
const ANSWERS_UNTIL_SURE = 4
const LOOK_CLOSELY_EVERY_MS = 5
const LOOK_EVERY_MS = 25
/** After the user closes the popup, the focus returns to the page within this time. */
const FOCUS_RETURNS_WITHIN_MS = 600
/** If the focus gives no information, a response may still arrive within this time. */
const ANSWER_COMES_WITHIN_MS = 700

/** The state of a popup at one moment. */
export interface Look {
  readonly closed: boolean
  /** The popup shows, or showed last, a page of another origin. */
  readonly foreign: boolean
  /** The page that opened the popup has the focus. */
  readonly focused: boolean
  readonly nowMs: number
}

/** The result of all observations so far. */
export interface Seen {
  /** The number of answers of the browser while a foreign page was reachable. */
  readonly answers: number
  /** The page lost its focus to the popup, so its focus state is reliable. */
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
 * True if the user has closed the popup. A page with `Cross-Origin-Opener-Policy` disconnects from its opener: then `closed` is
 * true although the popup is open. This happens while the page loads, within one or two answers of the browser. So `closed`
 * counts only if the focus is back, and if the last page of the popup was a page of this origin or stayed connected for longer.
 *
 * In two cases, a closed popup looks like a popup whose later page disconnected. Either the focus gives no information, as under
 * browser automation, or the user had switched to the opener before. Then the popup counts as closed, unless its response
 * arrives at once.
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

/** Calls back when the user has closed the popup of a running interaction. Returns a function that stops it. */
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
      // The browser reports earlier changes of the popup before it answers this query.
      if (isUnsure) await heldLocks()
    }
  }
  void watch()
  return () => {
    stopped = true
  }
}

/** True if the popup shows, or showed last, a foreign page. This also works for a closed popup. */
function isForeign(window: Window): boolean {
  try {
    return window.location.href === undefined
  } catch {
    return true
  }
}
