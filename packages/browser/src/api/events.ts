import type { Account, AuthError } from '@carnet/core'
import type { ChallengeKind } from './resource-calls.ts'
import type { Snapshot } from './snapshot.ts'

/**
 * The events of `auth.on`. Events about accounts and tokens also report changes of other tabs: `tab` says which tab caused the change.
 * `correlationId` is that of the request, if a request of this tab caused the event.
 */
export interface AuthEvents {
  /**
   * The snapshot, `accounts` or `renewals` may have changed. Emitted after every other event, and at once after
   * `setActiveAccount`. The snapshot is the same object as before if nothing in it changed.
   */
  changed: Snapshot
  accountAdded: AccountEvent
  accountRemoved: Omit<AccountEvent, 'correlationId'>
  activeAccountChanged: { readonly account: Account | null; readonly tab: Tab }
  /** A token came from the provider: by a sign-in or another interaction. */
  tokenAcquired: TokenEvent
  /** A token came from the provider without the user. */
  tokenRenewed: TokenEvent
  /** A request for a token without the user starts in this tab: by the refresh token, or in the hidden iframe. */
  renewalStarted: {
    readonly account: Account
    readonly resource: string
    /** The requested scopes, without those of OpenID Connect. */
    readonly scopes: readonly string[]
  }
  /** A renewal failed. The session may continue: see `error.code`, and the time of the next attempt, if there is one. */
  renewalFailed: {
    readonly account: Account
    readonly error: AuthError
    readonly nextTryOn: Date | undefined
  }
  /** Silent renewal ends within five minutes. Start an interaction at a good moment to renew the session. */
  interactionExpected: { readonly account: Account; readonly silentUntil: Date }
  /** An interaction with the user started: for tokens, or to sign out. */
  interactionStarted: InteractionEvent
  interactionEnded: InteractionEvent
  /** The popup of an interaction is open. It may still be empty. */
  popupOpened: Omit<InteractionEvent, 'interaction'> & { readonly window: Window }
  signedOut: AccountEvent
  /** An API refused a call of `auth.fetch` with a challenge. Emitted for each call. */
  challenge: ChallengeEvent
  /**
   * Storage failed: the client continues in memory, and uses storage again when it works. Or stored records could not be
   * opened, and were dropped. `cause` says which. Each is emitted once, also to later listeners.
   */
  storageDegraded: { readonly cause: unknown }
  /** The worker could not start, so the page holds the refresh tokens. Emitted once, also to later listeners. */
  workerUnavailable: { readonly cause: unknown }
}

/** The tab that caused a change. */
export type Tab = 'this' | 'other'

export interface AccountEvent {
  readonly account: Account
  readonly tab: Tab
  readonly correlationId?: string | undefined
}

export interface InteractionEvent {
  readonly interaction: 'redirect' | 'popup'
  readonly purpose: 'token' | 'signOut'
  readonly correlationId?: string | undefined
}

export interface TokenEvent {
  readonly account: Account
  readonly resource: string
  readonly scopes: readonly string[]
  readonly expiresOn: Date
  /** The tab that got the token. */
  readonly tab: Tab
  /** The id of the request, for a token of an interaction or of `ssoSilent` of this tab. Calls may share a renewal, so it has none. */
  readonly correlationId?: string | undefined
  /** How far the provider's clock is ahead of the page's clock, in milliseconds, if the difference is large. Reported once. */
  readonly clockSkewMs?: number | undefined
}

export interface ChallengeEvent {
  readonly account: Account
  /** The key of the option `resources`. */
  readonly resource: string
  readonly kind: ChallengeKind
  /** `retry`: the call is repeated. `none`: the response is returned. `failed`: the call rejects. */
  readonly outcome: 'retry' | 'none' | 'failed'
  /** True if another call started the remedy. */
  readonly shared: boolean
}
