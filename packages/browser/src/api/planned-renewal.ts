import type { Account } from '@carnet/core'

/** A renewal that is due at some time, if the token is used until then. */
export interface PlannedRenewal {
  readonly account: Account
  readonly resource: string
  readonly scopes: readonly string[]
  readonly renewOn: Date
  readonly expiresOn: Date
  /** Asked for since it came: what nobody asks for until then is not renewed. */
  readonly used: boolean
}
