import type {
  AccessTokenRecord,
  Account,
  AccountRegistry,
  AuthError,
  ConsentLedger,
  Platform,
  TokenCache,
  TokenQuery,
  Trace,
} from '@carnet/core'
import type { Config } from '../api/options.ts'
import type { Page } from '../platform/page.ts'
import type { TabChannel } from '../startup/channel.ts'
import type { ClientStore } from '../storage/open-store.ts'
import type { Custody } from '../worker/custody.ts'

/** What the parts of one client share. */
export interface Runtime {
  readonly config: Config
  readonly page: Page
  readonly platform: Platform
  readonly store: ClientStore
  readonly cache: TokenCache
  readonly accounts: AccountRegistry
  readonly ledger: ConsentLedger
  readonly announce: Announce
  readonly custody: Custody
  readonly channel: TabChannel
  readonly trace: Trace
}

/** Tells listeners in this page, and the other tabs, what changed. */
export interface Announce {
  /** Tells the page that something changed of which no other event tells. */
  changed(): void
  accountAdded(account: Account): void
  /** `signedOut`: because its user signed out, which the other tabs are told too. */
  accountRemoved(account: Account, signedOut?: true): void
  activeAccountChanged(account: Account | undefined): void
  /** Calls back for each token that an interaction of this page brought. */
  onAcquired(callback: (query: TokenQuery, record: AccessTokenRecord) => void): void
  /** Tells of a failure, once, and when the next try is, if there is one. */
  renewalFailed(account: Account, error: AuthError, nextTryAtMs: number | undefined): void
  tokens(query: TokenQuery, record: AccessTokenRecord, source: 'interaction' | 'renewal'): void
}
