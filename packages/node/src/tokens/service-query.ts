import { type AccessTokenRecord, type TokenQuery, tokenSetKey } from '@carnet/core'
import type { AppOwner, AssertionOwner, SessionOwner } from '@carnet/core/services'

/** An owner without a sign-in of its own in this service. */
export type ServiceOwner = AppOwner | AssertionOwner | SessionOwner
export type ServiceQuery = TokenQuery<ServiceOwner>

/** Gets a new token from the provider, and stores it. The caller holds the lock. */
export type Renew = (query: ServiceQuery) => Promise<AccessTokenRecord>

/** Names a question: equal for queries that one token answers. */
export const questionOf = (query: ServiceQuery): string =>
  `${tokenSetKey(query)} ${query.scopeKeys.join(' ')}`
