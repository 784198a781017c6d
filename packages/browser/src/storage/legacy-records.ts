import { legacyPartition, type Platform } from '@carnet/core'
import type { Config } from '../api/config.ts'
import { loaded } from '../startup/page/loaded.ts'
import type { ClientStore } from './open-store.ts'

/**
 * Moves the records that early versions stored for this issuer into the partition of the client. Without such records it
 * costs one read. A failure is logged; the records stay, and the next page load tries again.
 *
 * @returns True if accounts were moved: then the accounts in memory are out of date. The caller must not await their reload,
 * which needs the engine that the caller creates.
 */
export async function adoptLegacyRecords(
  { clientId, authority, dialect, issuer }: Config,
  store: ClientStore,
  { withLock, log }: Pick<Platform, 'withLock' | 'log'>,
): Promise<boolean> {
  if (issuer !== undefined) return false // Early versions had no such option.
  try {
    if ((await store.find('accounts', legacyPartition(clientId))).length === 0) return false
    const { adoptRecords } = await loaded(import('./adopt-records.ts'))
    return (await adoptRecords({ clientId, authority, dialect, store, withLock })) > 0
  } catch (error) {
    log('warn', `Records of an earlier version could not be moved: ${error}`)
    return false
  }
}
