import { type Destination, goTo } from '../../platform/destination.ts'
import { type OpenedWindow, openWindow } from '../../startup/open-window.ts'
import { noteAwaited } from '../response/note-awaited.ts'

/** The window of one interaction. */
export interface Popup {
  /** The window as it is now: another one once it had to be opened anew. */
  window(): Window
  /** True once it was opened anew: the first one may live on out of reach. */
  isReopened(): boolean
  /** Whether the page had the focus when it opened the window. */
  readonly hadFocus: boolean
  /** Sends the window away, and notes in it that it waits for the response that carries `state`. */
  navigate(destination: Destination, state: string): void
  /** Notes that the page in the window goes to `url` by itself. */
  goesTo(url: string): void
  /** Shows the window to a user who asked again; opens it anew where it cannot be reached any more. */
  showAgain(): void
  close(): void
}

/**
 * The window of an interaction: the one that the click has `opened` already, or one that is opened now.
 *
 * @throws AuthError `popup_blocked` where the browser does not allow it.
 */
export function openPopup(features?: string, opened?: OpenedWindow): Popup {
  const { window, hadFocus } = opened ?? openWindow(features)
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
      current = openWindow(features).window
      reopened = true
      if (target === undefined) return
      noteAwaited(current, awaited)
      goTo(target, current)
    },
    close: () => current.close(),
  }
}
