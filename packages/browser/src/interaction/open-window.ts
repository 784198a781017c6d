import { AuthError } from '@carnet/core/base'

const WIDTH = 480
const HEIGHT = 680
const LOOK_EVERY_MS = 50

/** A window that a click has opened. */
export interface OpenedWindow {
  readonly window: Window
  /** Whether the page had the focus when it opened the window. */
  readonly hadFocus: boolean
}

/**
 * Opens an empty window, which must happen in the user's gesture: before the first `await`.
 *
 * @throws AuthError `popup_blocked` where the browser does not allow it.
 */
export function openWindow(features = centred()): OpenedWindow {
  const hadFocus = document.hasFocus()
  const popup = window.open('about:blank', '_blank', features)
  if (!popup) throw new AuthError('popup_blocked', 'The browser blocked the window.')
  return { window: popup, hadFocus }
}

/**
 * Waits for `work` until `signal` aborts or the user closes the window. For the time before it goes anywhere:
 * nothing but the user can close it then.
 *
 * @throws AuthError `user_cancelled`, or the reason of the signal: `aborted`.
 */
export function whileEmpty<T>(
  current: () => Window,
  signal: AbortSignal | undefined,
  work: Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(abortedBy(signal))
    const look = () => current().closed && reject(closedByUser())
    const looking = setInterval(look, LOOK_EVERY_MS)
    signal?.addEventListener('abort', abort)
    work
      .finally(() => {
        clearInterval(looking)
        signal?.removeEventListener('abort', abort)
        look()
      })
      .then(resolve, reject)
    if (signal?.aborted) abort()
  })
}

export const closedByUser = () => new AuthError('user_cancelled', 'The user closed the window.')

export const abortedBy = (signal: AbortSignal | undefined): AuthError =>
  signal?.reason instanceof AuthError
    ? signal.reason
    : new AuthError('aborted', 'The request was aborted by its signal.', { cause: signal?.reason })

function centred(): string {
  const left = screenX + (outerWidth - WIDTH) / 2
  const top = screenY + (outerHeight - HEIGHT) / 2.5
  return `popup,width=${WIDTH},height=${HEIGHT},left=${left},top=${top}`
}
