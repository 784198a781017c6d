/** The return from a sign-out by redirect. Loads at the first use. */
import { type StoreChange, transactionRecordKey } from '@carnet/core'
import { SIGNED_OUT } from '@carnet/core/base'
import { formatOf, shape, text } from '@carnet/core/records'
import type { Context } from '../../context/context.ts'
import { kindOfState } from '../authorization/state.ts'
import { postedSignOuts } from '../relay/posted-sign-outs.ts'
import { findResponse } from '../response/response-url.ts'

/** The value of the app waits as long for the user as a sign-in does. */
const KEPT_FOR_MS = 3_600_000

interface PendingSignOut {
  readonly appState: string
}

const format = formatOf<PendingSignOut>(1, shape<PendingSignOut>({ appState: text }))

/** The change that stores the value of the app until the user comes back with `state`. */
export const signOutToStore = (
  partition: string,
  state: string,
  appState: string,
  nowMs: number,
): StoreChange => ({
  type: 'put',
  collection: 'transactions',
  record: {
    key: transactionRecordKey(partition, state),
    tags: [],
    expiresAtMs: nowMs + KEPT_FOR_MS,
    value: format.write({ appState }),
  },
})

/**
 * Completes the return from a sign-out (OpenID Connect RP-Initiated Logout 1.0 section 3).
 *
 * @param at `address` is a URL, a fragment or a query. Without it, `href` counts, the URL of the page at the call, and then the
 * return that the page noted at its start.
 */
export async function completeSignOut(
  { address, href }: { readonly address: string | undefined; readonly href: string },
  { config, page, store }: Pick<Context, 'config' | 'page' | 'store'>,
): Promise<{ readonly state: string | undefined } | null> {
  const at = address === undefined ? href : new URL(address, page.origin).href
  const response = findResponse(at, config.mark, undefined)
  const isHere = response?.kind === 'signOutRedirect' && response.state.startsWith(config.mark)
  const noted = address === undefined ? page.tabNote(SIGNED_OUT) : undefined
  const isNoted = noted?.startsWith(config.mark) && kindOfState(noted) === 'signOutRedirect'
  const state = isHere ? response.state : isNoted ? noted : undefined
  if (state === undefined) return null
  if (page.tabNote(SIGNED_OUT) === state) page.tabNote(SIGNED_OUT, 'removed')
  if (isHere && address === undefined && page.href() === at) page.replaceUrl(response.cleanUrl)
  postedSignOuts.noteReturn(state)
  const stored = await store.take('transactions', transactionRecordKey(config.partition, state))
  return { state: format.read(stored?.value)?.appState }
}
