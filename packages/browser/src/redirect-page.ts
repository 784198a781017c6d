/**
 * A page for responses that calls functions itself, instead of the script `@carnet/browser/callback`. An import has no effect.
 */

import { passOn } from './flows/relay/pass-on.ts'
import { noteSignedOut } from './flows/relay/posted-sign-outs.ts'
import { goOn } from './flows/response/note-awaited.ts'

/**
 * The outcome of `passResponse`.
 *
 * - `passed`: the page that waits has the response, and the popup closes. The page has nothing to do.
 * - `redirect`: the response of a redirect, or of a popup that no page waits for any more. The app completes it: by
 *   `createAuthClient`, or by `completeRedirect(address)`. The URL of the page still has it.
 * - `signedOut`: the user comes back from a sign-out by redirect, or from a sign-out that no page waits for any more.
 * - `none`: the URL has no response.
 */
export type PassOutcome = 'passed' | 'redirect' | 'signedOut' | 'none'

/**
 * Passes the response of a popup or a hidden iframe to the page of this origin that waits for it. Call it once, before the page
 * creates a client.
 *
 * @param address The URL with the response. Default: the URL of the page, from which the response is removed when it was passed on.
 */
export async function passResponse(address: string = location.href): Promise<PassOutcome> {
  const href = new URL(address, location.href).href
  const isOfPage = href === location.href
  const received = await passOn(href, () => undefined)
  if (!received) return 'passed'
  const [response, kind, receipt] = received
  if (!response) return 'none'
  const isInFrame = kind?.isSilent && window.parent !== window
  if (!receipt && !isInFrame && !kind?.isSignOut) return 'redirect'
  if (isOfPage) history.replaceState(history.state, '', location.pathname)
  if (kind?.isSignOut && !receipt) {
    noteSignedOut(response.get('state') ?? '')
    return 'signedOut'
  }
  if (isInFrame) return 'passed'
  if (receipt?.next !== undefined) goOn(receipt.next)
  else close()
  return 'passed'
}
