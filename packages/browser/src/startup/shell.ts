import type { AccountList, Dialect, Emitter, TokenMirror } from '@carnet/core/base'
import type { AuthEvents } from '../api/events.ts'
import type { FirstConfig } from '../api/options.ts'
import type { TabChannel } from './channel.ts'
import type { FirstPage } from './first-page.ts'
import type { FirstReads } from './first-reads.ts'
import type { Snapshots } from './snapshot.ts'

/** The events of one client. */
export type Events = Emitter<AuthEvents>

/**
 * What a page starts with: enough to say who is signed in, and to answer from the cache. Everything else is the
 * engine's, which is built on this when it is needed, or when the page is idle.
 */
export interface Shell {
  readonly config: FirstConfig
  readonly page: FirstPage
  readonly events: Events
  /** How scopes are read. Set before the client is there. */
  dialect: Dialect
  readonly accounts: AccountList
  readonly snapshots: Snapshots
  readonly tokens: TokenMirror
  /** Nothing where the tokens do not lie in IndexedDB. */
  readonly first: FirstReads | undefined
  readonly channel: TabChannel
  /** Aborts when the client is closed. */
  readonly closed: AbortSignal
}
