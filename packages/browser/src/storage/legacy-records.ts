import { legacyPartition, type Platform } from '@carnet/core'
import type { Config } from '../api/options.ts'
import { loaded } from '../startup/loaded.ts'
import type { ClientStore } from './open-store.ts'

/**
 * Moves what early versions stored of this issuer into the partition of the client. That costs one look-up where there
 * is nothing to move. A failure is logged, and the next page load tries again: the records stay where they are.
 *
 * @returns True if accounts were moved: then memory is behind the store. The caller must not wait for the accounts to be read
 * again: they are read through the engine that the caller creates.
 */
export async function adoptLegacyRecords(
  { clientId, authority, profile }: Config,
  store: ClientStore,
  { withLock, log }: Pick<Platform, 'withLock' | 'log'>,
): Promise<boolean> {
  try {
    if ((await store.find('accounts', legacyPartition(clientId))).length === 0) return false
    const { adoptRecords } = await loaded(import('./adopt-records.ts'))
    return (await adoptRecords({ clientId, authority, profile, store, withLock })) > 0
  } catch (error) {
    log('warn', `Records of an earlier version could not be taken over: ${error}`)
    return false
  }
}
