import type { InteractionOptions } from '../../api/options.ts'
import type { InteractiveRequest } from '../../api/requests.ts'
import { type Destination, goTo } from '../../platform/destination.ts'
import { type OpenedPopup, openPopupInClick } from '../../startup/page/open-popup.ts'
import { noteAwaited } from '../response/note-awaited.ts'

/** The popup of one interaction. */
export interface Popup {
  /** The current window. It changes if the popup had to be opened again. */
  window(): Window
  /** True after the popup was opened again: the first window may still be open, but unreachable. */
  isReopened(): boolean
  /** True if the page had the focus when it opened the popup. */
  readonly hadFocus: boolean
  /** Navigates the popup, and writes a note into it that it waits for the response to `state`. */
  navigate(destination: Destination, state: string): void
  /** Notes that the page in the popup navigates to `url` itself. */
  goesTo(url: string): void
  /** Focuses the popup after another click, or opens it again if it is not reachable. */
  showAgain(): void
  close(): void
}

/** The fields of a request for its popup. */
export type HowToOpen = Pick<InteractiveRequest, 'openPopup' | 'popupFeatures'>

/**
 * Creates the popup of an interaction, from the window that the click handler has `opened`, or from a new window.
 *
 * @throws AuthError `popup_blocked` if the browser does not allow it.
 */
export function openPopup(
  { popupFeatures, openPopup: open }: HowToOpen,
  defaults: Pick<InteractionOptions, 'popupFeatures'>,
  opened?: OpenedPopup,
): Popup {
  const features = popupFeatures ?? defaults.popupFeatures
  const { window, hadFocus } = opened ?? openPopupInClick(features, open)
  let current = window
  let target: Destination | undefined
  let awaited: string | null = null
  let reopened = false

  return {
    window: () => current,
    isReopened: () => reopened,
    hadFocus,
    navigate(destination, state) {
      target = destination
      awaited = state
      noteAwaited(current, awaited)
      goTo(destination, current)
    },
    goesTo(url) {
      target = { url }
      awaited = new URL(url).searchParams.get('state')
    },
    showAgain() {
      if (!current.closed) {
        current.focus()
        return
      }
      current = openPopupInClick(features, open).window
      reopened = true
      if (target === undefined) return
      noteAwaited(current, awaited)
      goTo(target, current)
    },
    close: () => current.close(),
  }
}
