import type { Account } from '@carnet/core'

/** A planned renewal of a cached token. It happens only if the token is used until then. */
export interface PlannedRenewal {
  readonly account: Account
  readonly resource: string
  readonly scopes: readonly string[]
  readonly renewOn: Date
  readonly expiresOn: Date
  /** True if the token was requested since it arrived. An unused token is not renewed. */
  readonly used: boolean
}
