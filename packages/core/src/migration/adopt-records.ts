import { accountKey, parseAccountRecord } from '../accounts/account.ts'
import { activeAccountFormat } from '../accounts/account-list.ts'
import { refreshTokenKey } from '../accounts/refresh-token-key.ts'
import { legacyPartition, partitionOf } from '../dialects/authority-profile.ts'
import type { ProviderDialect } from '../dialects/provider-dialect.ts'
import type { Platform } from '../platform/platform.ts'
import {
  accountRecordKey,
  activeAccountKey,
  legacyRefreshLockName,
  refreshTokenRecordKey,
  rekeyed,
} from '../records/keys/index.ts'
import type { Collection, RecordStore, StoreChange, StoredRecord } from '../records/record-store.ts'

/** The partition that adopts the records of early versions, and its locks. */
export interface Adoption {
  readonly clientId: string
  readonly authority: string
  readonly dialect: Pick<ProviderDialect, 'name' | 'servesAccount'>
  readonly store: RecordStore
  readonly withLock: Platform['withLock']
}

/**
 * Moves the accounts of this issuer, with their tokens and consents, from the keys of early versions into the partition.
 * Early versions shared their keys between all issuers of a client id. Accounts of other issuers stay where they are,
 * for the client that they belong to.
 *
 * A value is sealed to its key, so each record is opened and sealed again. An account moves in one transaction, under
 * the lock of early versions. So a tab with an early version never redeems a moved token.
 *
 * @returns The number of accounts that moved.
 */
export async function adoptRecords(adoption: Adoption): Promise<number> {
  const { clientId, authority, dialect, store, withLock } = adoption
  const from = legacyPartition(clientId)
  const to = partitionOf(authority, clientId, dialect.name)
  let count = 0
  for (const { value } of await store.find('accounts', from)) {
    const record = parseAccountRecord(value)
    if (!record || !URL.canParse(record.authority)) continue
    const { account } = record
    const isOwn =
      dialect.servesAccount(authority, account) &&
      partitionOf(record.authority, clientId, dialect.name) === to
    if (!isOwn) continue
    const home = refreshTokenKey(account)
    const move = () => moveAccount(store, from, to, { key: accountKey(account), home })
    if (await withLock(legacyRefreshLockName(clientId, home), move)) count += 1
  }
  const left = await store.find('accounts', from)
  const activeKey = activeAccountKey(from)
  if (left.every(({ key }) => key === activeKey))
    await store.write([{ type: 'delete', collection: 'accounts', key: activeKey }])
  return count
}

/**
 * Moves one account. If the account has signed in again since, it deletes the older records instead.
 *
 * @returns False if the account was no longer there.
 */
async function moveAccount(
  store: RecordStore,
  from: string,
  to: string,
  { key, home }: { readonly key: string; readonly home: string },
): Promise<boolean> {
  const tag = accountRecordKey(from, key)
  const stored = await store.get('accounts', tag)
  if (!stored) return false
  const isSuperseded = (await store.get('accounts', accountRecordKey(to, key))) !== undefined
  const homeKey = refreshTokenRecordKey(from, home)
  const general = await store.get('refreshTokens', homeKey)
  const held: readonly (readonly [Collection, readonly StoredRecord[]])[] = [
    ['accounts', [stored]],
    ['accessTokens', await store.find('accessTokens', tag)],
    ['consents', await store.find('consents', tag)],
    [
      'refreshTokens',
      [...(general ? [general] : []), ...(await store.find('refreshTokens', homeKey))],
    ],
  ]
  const changes = held.flatMap(([collection, records]) =>
    records.flatMap((record): StoreChange[] => {
      const put = { type: 'put', collection, record: moved(record, from, to) } as const
      const gone = { type: 'delete', collection, key: record.key } as const
      return isSuperseded ? [gone] : [put, gone]
    }),
  )
  const active = await activeChanges(store, from, to, key)
  return store.write([...changes, ...active], { collection: 'accounts', key: tag })
}

/** The changes that keep the account active, if it was active and no other account became active since. */
async function activeChanges(
  store: RecordStore,
  from: string,
  to: string,
  account: string,
): Promise<StoreChange[]> {
  const stored = await store.get('accounts', activeAccountKey(from))
  if (!stored || activeAccountFormat.read(stored.value)?.active !== account) return []
  const isDecided = await store.get('accounts', activeAccountKey(to))
  const put = { type: 'put', collection: 'accounts', record: moved(stored, from, to) } as const
  const gone = { type: 'delete', collection: 'accounts', key: stored.key } as const
  return isDecided ? [gone] : [put, gone]
}

/** The record under the key and the tags of another partition. */
const moved = (record: StoredRecord, from: string, to: string): StoredRecord => ({
  ...record,
  key: rekeyed(record.key, from, to),
  tags: record.tags.map((tag) => rekeyed(tag, from, to)),
})
