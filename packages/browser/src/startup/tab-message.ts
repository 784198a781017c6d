import type { RequestParameters } from '@carnet/core'

/** Said between tabs. Names what changed, never carries a token: the store is the one source. */
export type TabMessage =
  | {
      readonly type: 'tokensChanged'
      readonly account: string
      readonly token?: TokenNote | undefined
    }
  | {
      readonly type: 'accountsChanged'
      readonly account: string
      /** The account is gone because its user signed out. */
      readonly signedOut?: true | undefined
    }
  | RenewalMessage

/**
 * Where workers keep the refresh tokens, the tab of the right one renews for the others: it is asked by the handle that
 * lies in the store, says that it is at it, and that it is done.
 */
export interface RenewalMessage {
  readonly type: 'renewalAsked' | 'renewalTaken' | 'renewalDone'
  readonly account: string
  readonly id: string
  /** What is wanted, when it is asked for. */
  readonly wish?: RenewalWish | undefined
  /** When it is done: that it failed, and whether that passes. Older tabs do not say. */
  readonly failed?: 'passing' | 'final' | undefined
}

export interface RenewalWish {
  readonly handle: string
  readonly resource: string
  readonly texts: readonly string[]
  readonly authority?: string | undefined
  readonly claims?: string | undefined
  readonly parameters?: RequestParameters | undefined
}

/** What is told of a token: what it is for and until when, never the token. */
export interface TokenNote {
  readonly resource: string
  readonly scopes: readonly string[]
  readonly expiresAtMs: number
  readonly source: 'interaction' | 'renewal'
}
