import type { AccountList, Emitter, ScopeRules, TokenMirror } from '@carnet/core/base'
import type { FirstConfig } from '../api/config.ts'
import type { AuthEvents } from '../api/events.ts'
import type { FirstReads } from './cache/first-reads.ts'
import type { FirstPage } from './page/first-page.ts'
import type { Snapshots } from './snapshot.ts'
import type { TabChannel } from './tabs/channel.ts'

/** The events of one client. */
export type Events = Emitter<AuthEvents>

/**
 * The objects that a page starts with: enough to read the accounts, and to answer from the cache. The engine uses them too. It
 * loads at the first need, or when the page is idle.
 */
export interface StartContext {
  readonly config: FirstConfig
  readonly page: FirstPage
  readonly events: Events
  /** The scope dialect. It is set before the client is created. */
  scopeRules: ScopeRules
  readonly accounts: AccountList
  readonly snapshots: Snapshots
  readonly tokens: TokenMirror
  /** `undefined` if the tokens are not in IndexedDB. */
  readonly first: FirstReads | undefined
  readonly channel: TabChannel
  /** Aborts when the client is closed. */
  readonly closed: AbortSignal
}
