import { AWAITED } from '@carnet/core/base'

/** Notes in a window of this origin which response it waits for. */
export function noteAwaited(window: Window, state: string | null): void {
  try {
    if (state !== null) window.sessionStorage.setItem(AWAITED, state)
  } catch {
    // The browser refuses the storage, or the window shows a page of another origin by now.
  }
}

/** Goes on to the second request of a popup. */
export function goOn(url: string): void {
  noteAwaited(window, new URL(url).searchParams.get('state'))
  location.replace(url)
}
