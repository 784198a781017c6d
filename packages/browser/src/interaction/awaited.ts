/**
 * The key of a tab note (`sessionStorage`) with the `state` of the response that this tab waits for. The page that leaves
 * writes it. A page that opens a popup writes it into the empty popup, whose storage outlives every page that it shows. So
 * the popup knows whose it is, although a page with `Cross-Origin-Opener-Policy` cuts the tie to its opener and clears its name.
 */
export const AWAITED = 'carnet|waits'

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
