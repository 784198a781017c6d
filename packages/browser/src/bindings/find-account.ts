import type { Account } from '@carnet/core/base'
import type { Snapshot } from '../api/snapshot.ts'

/** The fields that an account must have, for example `{ tenantId }`. */
export type AccountFilter = Partial<Account>

/** Returns the first account of the snapshot with the given fields, or `null`. Default: the active account. */
export function findAccount(snapshot: Snapshot, where?: AccountFilter): Account | null {
  if (!where) return snapshot.account
  const names = Object.keys(where) as (keyof Account)[]
  return snapshot.accounts.find((one) => names.every((name) => one[name] === where[name])) ?? null
}
