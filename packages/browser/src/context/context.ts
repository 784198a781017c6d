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
import type { Config } from '../api/config.ts'
import type { Dpop } from '../dpop/dpop.ts'
import type { Lazy } from '../platform/lazily.ts'
import type { Page } from '../platform/page.ts'
import type { StartContext } from '../startup/start-context.ts'
import type { TabChannel } from '../startup/tabs/channel.ts'
import type { ClientStore } from '../storage/open-store.ts'
import type { Custody } from '../worker/custody.ts'

/** The parts of one client that its flows and token calls share. It takes over from the `StartContext` of the page. */
export interface Context extends Pick<StartContext, 'events' | 'snapshots' | 'closed'> {
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
  /** Binds tokens to keys; `undefined` without the option `dpop`. */
  readonly dpop: Lazy<Dpop> | undefined
}

/** Reports changes to the listeners of this page, and to the other tabs. */
export interface Announce {
  /** Reports a change without its own event to the page. */
  changed(): void
  accountAdded(account: Account, correlationId?: string): void
  /** `signedOut`: true if the user signed out; other tabs get this information too. */
  accountRemoved(account: Account, signedOut?: true): void
  activeAccountChanged(account: Account | undefined): void
  /** Calls back for each token of an interaction of this page. */
  onAcquired(callback: (query: TokenQuery, record: AccessTokenRecord) => void): void
  /** Reports a failure once, with the time of the next attempt, if there is one. */
  renewalFailed(account: Account, error: AuthError, nextTryAtMs: number | undefined): void
  /** @param correlationId The id of the request of this tab. */
  tokens(
    query: TokenQuery,
    record: AccessTokenRecord,
    source: 'interaction' | 'renewal',
    correlationId?: string,
  ): void
}
