import type { AccountRecord } from './account.ts'
import type { AccountRecords } from './account-list.ts'

/**
 * Returns `next`, but with the earlier object for each record that did not change: pages compare accounts by identity.
 * Returns `before` itself if nothing changed.
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
