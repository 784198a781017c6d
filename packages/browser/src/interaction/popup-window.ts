import { AuthError } from '@carnet/core'

const WIDTH = 480
const HEIGHT = 680
const LOOK_EVERY_MS = 100
/** A page that cuts the tie can be reached for a moment while it loads: it must be seen longer. */
const LOOKS_UNTIL_SURE = 3
/** How soon the focus comes back to the page when the user closes the window. */
const FOCUS_RETURNS_WITHIN_MS = 600

/** The window of one interaction. */
export interface Popup {
  navigate(url: string): void
  /** Shows the window to a user who asked again; opens it anew where it cannot be reached any more. */
  showAgain(): void
  close(): void
  /**
   * Calls back when the user has closed the window. A page with `Cross-Origin-Opener-Policy` cuts the tie
   * to it: `closed` is true then although the window lives, and nothing tells the two apart for
   * sure. So `closed` is believed only where the window was last seen on a page that had not cut
   * the tie, and the focus is back here. Returns the way to stop.
   */
  onClosedByUser(callback: () => void): () => void
}

/**
 * Opens an empty window, which must happen in the user's gesture: before the first `await`.
 *
 * @throws AuthError `popup_blocked` where the browser does not allow it.
 */
export function openPopup(features = centred()): Popup {
  let current = open(features)
  let target: string | undefined
  /** How often in a row the window was seen on a page that had not cut the tie. */
  let seenAway = 0
  /** The window was gone before it could go anywhere: only the user can have closed it. */
  let closedEmpty = false

  return {
    navigate(url) {
      target = url
      closedEmpty = current.closed
      if (!closedEmpty) current.location.replace(url)
    },
    showAgain() {
      if (!current.closed) {
        current.focus()
        return
      }
      current = open(features)
      seenAway = 0
      closedEmpty = false
      if (target !== undefined) current.location.replace(target)
    },
    close: () => current.close(),
    onClosedByUser(callback) {
      let goneSinceMs: number | undefined
      const looking = setInterval(() => {
        if (!current.closed) {
          goneSinceMs = undefined
          seenAway = isAway(current) ? seenAway + 1 : 0
          return
        }
        goneSinceMs ??= Date.now()
        const focusReturned =
          document.hasFocus() && Date.now() - goneSinceMs < FOCUS_RETURNS_WITHIN_MS
        if (closedEmpty || (seenAway >= LOOKS_UNTIL_SURE && focusReturned)) callback()
      }, LOOK_EVERY_MS)
      return () => clearInterval(looking)
    },
  }
}

function open(features: string): Window {
  const popup = window.open('about:blank', '_blank', features)
  if (!popup) throw new AuthError('popup_blocked', 'The browser did not let the window open.')
  return popup
}

function centred(): string {
  const left = Math.round(screenX + Math.max(0, (outerWidth - WIDTH) / 2))
  const top = Math.round(screenY + Math.max(0, (outerHeight - HEIGHT) / 2.5))
  return `popup,width=${WIDTH},height=${HEIGHT},left=${left},top=${top}`
}

/** True while the window shows a page, of the provider or of the app, and can still be reached. */
function isAway(popup: Window): boolean {
  try {
    return popup.location.href !== 'about:blank'
  } catch {
    return true
  }
}
