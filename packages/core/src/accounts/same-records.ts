import type { AccountRecord } from './account.ts'
import type { AccountRecords } from './account-list.ts'

/**
 * The accounts as they are now, with the records that are equal to those before: pages compare accounts by identity.
 * The same map as before if every record is equal.
 */
export function withSameRecords(next: AccountRecords, before: AccountRecords): AccountRecords {
  const after = new Map<string, AccountRecord>()
  let isSame = next.size === before.size
  for (const [key, record] of next) {
    const earlier = before.get(key)
    const isEqual = earlier && JSON.stringify(earlier) === JSON.stringify(record)
    after.set(key, isEqual ? earlier : record)
    isSame &&= isEqual === true
  }
  return isSame ? before : after
}
