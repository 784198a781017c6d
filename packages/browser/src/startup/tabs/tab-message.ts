import type { RequestParameters } from '@carnet/core'

/** A message between tabs. It names the change and never carries a token: other tabs read the store. */
export type TabMessage = ChangeMessage | RenewalMessage

/** A message about a change of the store. */
export type ChangeMessage =
  | {
      readonly type: 'tokensChanged'
      readonly account: string
      readonly token?: TokenNote | undefined
    }
  | {
      readonly type: 'accountsChanged'
      readonly account: string
      /** True if the account was removed because its user signed out. */
      readonly signedOut?: true | undefined
    }

/**
 * A message of a renewal for another tab, with `tokens: 'worker'`. A tab sends the handle from the store. The tab whose worker
 * holds the refresh token answers that it has started, and later that it is done.
 */
export interface RenewalMessage {
  readonly type: 'renewalAsked' | 'renewalTaken' | 'renewalDone'
  readonly account: string
  readonly id: string
  /** The requested token, in `renewalAsked`. */
  readonly wish?: RenewalWish | undefined
  /** In `renewalDone`: set if the renewal failed; `passing` for a transient failure. Older versions omit it. */
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

/** The details of a new token for other tabs: resource, scopes and expiry, never the token. */
export interface TokenNote {
  readonly resource: string
  readonly scopes: readonly string[]
  readonly expiresAtMs: number
  readonly source: 'interaction' | 'renewal'
}
