import { AWAITED } from '@carnet/core/base'
import type { FirstConfig } from '../../api/options.ts'
import type { Page } from '../../platform/page.ts'
import { sharedOnPage } from '../../startup/shared-on-page.ts'
import { KINDS } from '../authorization/kinds.ts'
import { kindOfState } from '../authorization/state.ts'
import { asUnusable } from '../response/unusable-answer.ts'
import { handOver } from './relay.ts'

/**
 * Settles what this tab still waits for, when the app in it has started. A tab that left by redirect and shows the app again
 * without a response waits no longer: a parameter `code` that comes later belongs to the app. A popup that came back to the redirect
 * URI with nothing at all tells the page that waits for it, and closes. Where the tie to the opener is cut, this is not known
 * earlier without a look into the storage of the tab at each start.
 */
export async function settleAwaited(
  page: Page,
  { mark, redirectUri }: Pick<FirstConfig, 'mark' | 'redirectUri'>,
): Promise<void> {
  const state = page.frameName() === undefined ? page.tabNote(AWAITED) : undefined
  const kind = kindOfState(state ?? '')
  if (state === undefined || kind === undefined || sharedOnPage('leaving1', '') === true) return
  const { waits, isSignOut } = KINDS[kind]
  const isHere = new URL(redirectUri).pathname === new URL(page.href()).pathname
  if (!waits && !isSignOut && state.startsWith(mark)) page.tabNote(AWAITED, 'removed')
  if (!waits || !(isSignOut || isHere)) return
  page.tabNote(AWAITED, 'removed')
  if (await handOver(state, asUnusable(new URLSearchParams(), state))) window.close()
}
