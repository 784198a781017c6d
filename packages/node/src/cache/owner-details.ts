import type { Account } from '@carnet/core'

/** The facts about the owner of a token that a result contains. */
export interface OwnerDetails {
  readonly account: Account | null
  readonly idToken: string | null
  /** Of a long-running session: the hash of the assertion that began it last. */
  readonly assertion?: string | undefined
}

export const NO_DETAILS: OwnerDetails = { account: null, idToken: null }
