import { AuthError } from '@carnet/core'
import { openWindow } from './open-window.ts'

const LOOK_EVERY_MS = 50

/** The window of one interaction. */
export interface Popup {
  /** The window as it is now: another one once it had to be opened anew. */
  window(): Window
  /** True once it was opened anew: the first one may live on out of reach. */
  isReopened(): boolean
  /** Whether the page had the focus when it opened the window. */
  readonly hadFocus: boolean
  navigate(url: string): void
  /** Shows the window to a user who asked again; opens it anew where it cannot be reached any more. */
  showAgain(): void
  close(): void
}

/**
 * Opens an empty window, which must happen in the user's gesture: before the first `await`.
 *
 * @param opened The one that the click has opened already.
 * @throws AuthError `popup_blocked` where the browser does not allow it.
 */
export function openPopup(features?: string, opened?: Window): Popup {
  const hadFocus = document.hasFocus()
  let current = opened && !opened.closed ? opened : openWindow(features)
  let target: string | undefined
  let reopened = false

  return {
    window: () => current,
    isReopened: () => reopened,
    hadFocus,
    navigate(url) {
      target = url
      current.location.replace(url)
    },
    showAgain() {
      if (!current.closed) {
        current.focus()
        return
      }
      current = openWindow(features)
      reopened = true
      if (target !== undefined) current.location.replace(target)
    },
    close: () => current.close(),
  }
}

/**
 * Waits for `work` until `signal` aborts or the user closes the window. For the time before it goes anywhere:
 * nothing but the user can close it then.
 *
 * @throws AuthError `user_cancelled`, or the reason of the signal.
 */
export function whileEmpty<T>(popup: Popup, signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason)
    const look = () => popup.window().closed && reject(closedByUser())
    const looking = setInterval(look, LOOK_EVERY_MS)
    signal.addEventListener('abort', abort)
    work
      .finally(() => {
        clearInterval(looking)
        signal.removeEventListener('abort', abort)
        look()
      })
      .then(resolve, reject)
    if (signal.aborted) abort()
  })
}

export const closedByUser = () => new AuthError('user_cancelled', 'The user closed the window.')
