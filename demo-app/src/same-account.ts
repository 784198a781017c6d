import type { Account } from '@carnet/browser'

/** Accounts are plain data: two of them are the same when their ids are. */
export const sameAccount = (a: Account, b: Account): boolean =>
  a.homeAccountId === b.homeAccountId &&
  a.environment === b.environment &&
  a.tenantId === b.tenantId
