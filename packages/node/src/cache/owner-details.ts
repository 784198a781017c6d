import type { Account } from '@carnet/core'

/** What a result says about the owner of a token. */
export interface OwnerDetails {
  readonly account: Account | null
  readonly idToken: string | null
  /** Of a long-running session: the hash of the assertion that began it last. */
  readonly assertion?: string | undefined
}

export const NO_DETAILS: OwnerDetails = { account: null, idToken: null }
