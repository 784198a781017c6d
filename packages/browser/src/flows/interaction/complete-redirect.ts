import { AuthError } from '@carnet/core'
import { AWAITED } from '@carnet/core/base'
import type { AuthenticationResult } from '../../api/result.ts'
import type { Context } from '../../context/context.ts'
import { sharedOnPage, shareOnPage } from '../../startup/page/shared-on-page.ts'
import { kindOfState } from '../authorization/state.ts'
import { noteSignedOut } from '../relay/posted-sign-outs.ts'
import { findResponse } from '../response/response-url.ts'
import type { Flows } from './create-flows.ts'

type Completing = Promise<AuthenticationResult>

/**
 * Completes the response to a redirect, at the call of the app. All clients of a page share the result of a response.
 *
 * @param at `address` is a URL, a fragment or a query: then the URL of the page stays as it is. Without it, `href` counts, the
 * URL of the page at the call.
 */
export async function completeRedirect(
  at: { readonly address: string | undefined; readonly href: string },
  { config, page, snapshots }: Context,
  client: { flows(): Promise<Flows>; resync(): Promise<void> },
): Promise<AuthenticationResult | null> {
  const noted = page.tabNote(AWAITED)
  const awaited = kindOfState(noted ?? '') === 'redirect' ? noted : undefined
  const { address } = at
  const href = address === undefined ? at.href : new URL(address, page.origin).href
  const response = findResponse(href, config.mark, awaited)
  if (!response || response.isForeign) return null
  const { kind, state, cleanUrl } = response
  if (kind !== 'redirect' && kind !== 'signOutRedirect') return null
  const flows = await client.flows()
  page.tabNote(AWAITED, 'removed')
  // Another call may have removed the response, and restored another URL.
  if (address === undefined && page.href() === href) page.replaceUrl(cleanUrl)
  if (kind === 'signOutRedirect') {
    noteSignedOut(state)
    return null
  }
  const earlier = resultsOfPage(config.mark)
  const known = earlier.get(state)
  if (known !== undefined) {
    await known.catch(() => undefined)
    await client.resync() // Another client of the page may have completed it.
    return known
  }
  const completing = flows.completeResponse(response, READ, address !== undefined)
  earlier.set(state, completing)
  return completing.catch((error) => {
    if (error instanceof AuthError) snapshots.note({ error })
    snapshots.publish()
    throw error
  })
}

/** The accounts were read before the client opened. */
const READ = Promise.resolve()

/** The results of this page by the `state` of their responses. A value of another script is replaced. */
function resultsOfPage(mark: string): Map<string, Completing> {
  const shared = sharedOnPage('completed1', mark)
  if (shared instanceof Map) return shared
  const results = new Map<string, Completing>()
  shareOnPage('completed1', mark, results)
  return results
}
