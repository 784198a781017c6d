import type { Account, AuthError } from '@carnet/core'
import type { Snapshot } from './snapshot.ts'

/** What `auth.on` can hear. Events about state tell of other tabs too. */
export interface AuthEvents {
  /**
   * Something changed that the page may show: the snapshot, `accounts` or `renewals`. Follows every other event, and
   * comes at once after `setActiveAccount`. The snapshot is the same object as before if nothing in it changed.
   */
  changed: Snapshot
  accountAdded: { readonly account: Account }
  accountRemoved: { readonly account: Account }
  activeAccountChanged: { readonly account: Account | null }
  /** A token came from the provider: by a sign-in or another interaction. */
  tokenAcquired: TokenEvent
  /** A token came from the provider without the user. */
  tokenRenewed: TokenEvent
  /** A renewal failed. The session may live on: see `error.code`, and when the next try is, if there is one. */
  renewalFailed: {
    readonly account: Account
    readonly error: AuthError
    readonly nextTryOn: Date | undefined
  }
  /** Silence ends within five minutes: renew the session at a good moment, by an interaction. */
  interactionExpected: { readonly account: Account; readonly silentUntil: Date }
  interactionStarted: { readonly interaction: 'redirect' | 'popup' }
  interactionEnded: { readonly interaction: 'redirect' | 'popup' }
  signedOut: { readonly account: Account }
  /**
   * Storage failed: the client goes on from memory, and comes back when it can. Or stored records could not be opened,
   * and were dropped: see `cause`. Each is told once, and to later listeners too.
   */
  storageDegraded: { readonly cause: unknown }
  /** No worker could be had, or it was refused: refresh tokens are kept in the page. Told once, and to later listeners too. */
  workerUnavailable: { readonly cause: unknown }
}

export interface TokenEvent {
  readonly account: Account
  readonly resource: string
  readonly scopes: readonly string[]
  readonly expiresOn: Date
  /** Which tab got it. */
  readonly tab: 'this' | 'other'
  /** By how much the provider's clock is ahead of this one's, in milliseconds, where that matters. Told once. */
  readonly clockSkewMs?: number | undefined
}
