import { keepPopupOpen } from '../carnet/kept-popup.ts'

/**
 * Passes the response in a URL to the page that waits for it, and closes a popup. It needs no client: a callback page may have no
 * settings.
 *
 * @param url Default: the URL of the page.
 * @param keepOpen True leaves the popup to the app, which closes it with `window.close()`. Default false.
 */
export async function deliverResponse(url?: string, keepOpen = false): Promise<void> {
  const { passResponse } = await import('@carnet/browser/redirect-page')
  const notePassed = keepOpen ? keepPopupOpen() : undefined
  const outcome = await passResponse(url)
  // Without an opener that takes the response, only this page can close the popup.
  notePassed?.(outcome === 'passed' && window.opener !== null)
}
