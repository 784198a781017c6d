import { AWAITED } from '@carnet/core/base'

/** Writes the `state` of the pending response into the storage of a popup that shows a page of this origin. */
export function noteAwaited(window: Window, state: string | null): void {
  try {
    if (state !== null) window.sessionStorage.setItem(AWAITED, state)
  } catch {
    // The browser refuses the storage, or the popup already shows a page of another origin.
  }
}

/** Navigates a popup to its second attempt. */
export function goOn(url: string): void {
  noteAwaited(window, new URL(url).searchParams.get('state'))
  location.replace(url)
}
