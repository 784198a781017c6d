import { AuthError } from '@carnet/core/base'

const WIDTH = 480
const HEIGHT = 680

/** A popup that a click handler has opened. */
export interface OpenedPopup {
  readonly window: Window
  /** True if the page had the focus when it opened the popup. */
  readonly hadFocus: boolean
}

/**
 * Opens an empty popup. Call it in a user gesture: in the click handler, before the first `await`.
 *
 * @param open Opens the window. Default: `window.open`.
 * @throws AuthError `popup_blocked` if the browser does not allow it.
 */
export function openPopupInClick(
  features = centred(),
  open = (how: string) => window.open('about:blank', '_blank', how),
): OpenedPopup {
  const hadFocus = document.hasFocus()
  const popup = open(features)
  if (!popup) throw new AuthError('popup_blocked', 'The browser blocked the popup.')
  return { window: popup, hadFocus }
}

function centred(): string {
  const left = screenX + (outerWidth - WIDTH) / 2
  const top = screenY + (outerHeight - HEIGHT) / 2.5
  return `popup,width=${WIDTH},height=${HEIGHT},left=${left},top=${top}`
}
