import { AWAITED } from '@carnet/core/base'
import type { FirstConfig } from '../../api/config.ts'
import type { Page } from '../../platform/page.ts'
import { sharedOnPage } from '../../startup/page/shared-on-page.ts'
import { KINDS } from '../authorization/kinds.ts'
import { kindOfState } from '../authorization/state.ts'
import { asUnusable } from '../response/unusable-answer.ts'
import { handOver } from './relay.ts'

/**
 * Ends the wait of this tab for a response, after the app has started. A tab that left by redirect and shows the app again
 * without a response no longer waits: a later parameter `code` belongs to the app. A popup that came back to the redirect URI
 * without any parameter reports this to the waiting page, and closes. This check is late on purpose: an earlier check would
 * read the storage of the tab at each start.
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
