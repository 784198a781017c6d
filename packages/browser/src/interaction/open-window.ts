import { AuthError } from '@carnet/core/base'

const WIDTH = 480
const HEIGHT = 680

/**
 * Opens an empty window, which must happen in the user's gesture: before the first `await`.
 *
 * @throws AuthError `popup_blocked` where the browser does not allow it.
 */
export function openWindow(features = centred()): Window {
  const popup = window.open('about:blank', '_blank', features)
  if (!popup) throw new AuthError('popup_blocked', 'The browser did not let the window open.')
  return popup
}

function centred(): string {
  const left = Math.round(screenX + Math.max(0, (outerWidth - WIDTH) / 2))
  const top = Math.round(screenY + Math.max(0, (outerHeight - HEIGHT) / 2.5))
  return `popup,width=${WIDTH},height=${HEIGHT},left=${left},top=${top}`
}
