import type { AccessTokenRecord, TokenQuery } from '@carnet/core'
import type { AppOwner, AssertionOwner, SessionOwner } from '@carnet/core/services'

/** An owner without a sign-in of its own in this service. */
export type ServiceOwner = AppOwner | AssertionOwner | SessionOwner

export interface ServiceQuery<Owner extends ServiceOwner = ServiceOwner> extends TokenQuery<Owner> {
  /** The `queryKey`: equal for queries that one token answers. Computed once, because every call needs it. */
  readonly recordKey: string
}

/** Gets a new token from the provider, and stores it. The caller holds the lock. */
export type Renew = (query: ServiceQuery) => Promise<AccessTokenRecord>
