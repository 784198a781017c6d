import { activeAccountKey } from '../records/keys/first-keys.ts'
import {
  accountDataTag,
  accountRecordKey,
  sessionTag,
  sidTag,
} from '../records/keys/record-keys.ts'
import type { RecordCondition, RecordStore, StoreChange } from '../records/record-store.ts'
import {
  type Account,
  type AccountRecord,
  accountFormat,
  accountKey,
  parseAccountRecord,
} from './account.ts'
import { type AccountList, activeAccountFormat, createAccountList } from './account-list.ts'
import { withSameRecords } from './same-records.ts'

/** How several authorities see one account, where a provider has tenants. */
export interface TenantRules {
  /**
   * The account as the tenant that `authority` names sees it, where that tenant is among `records`.
   *
   * @returns `undefined` where `authority` does not serve the account, or where its tenant is not signed in.
   */
  accountAt(
    account: Account,
    authority: string,
    records: Iterable<AccountRecord>,
  ): Account | undefined
}

/**
 * The accounts of one client, with the methods that change them. Memory changes at once; the caller writes the
 * `StoreChange`s that a method returns.
 */
export interface AccountRegistry extends AccountList {
  /** Names the stored record of an account. Tokens of the account are written only while this record exists. */
  nameOf(account: Account): RecordCondition
  /**
   * Reads the record of an account from the store, because another tab may have changed it. Rejects only if the store
   * rejects.
   */
  stored(account: Account): Promise<AccountRecord | undefined>
  /**
   * Returns the account of the same user in the tenant that `authority` names.
   *
   * @returns `undefined` if `authority` does not serve the account, or if the user is not signed in to the tenant.
   */
  inTenant(account: Account, authority: string, rules: TenantRules): Account | undefined
  /** Puts an account into memory, and returns the changes that put it into the store. */
  put(record: AccountRecord): StoreChange[]
  /** Returns the changes that put an account into the store. Memory does not change. */
  putChanges(record: AccountRecord): StoreChange[]
  /**
   * Removes an account from memory, by its `accountKey`, and returns the changes that remove it and its data from the store.
   */
  remove(key: string): StoreChange[]
  /** Makes an account active in memory, and returns the changes that make it active in the store. */
  activate(account: Account | undefined): StoreChange[]
}

/** Creates the account registry of one client over its store. */
export function createAccountRegistry(
  partition: string,
  store: RecordStore,
  accounts = createAccountList(partition, store),
): AccountRegistry {
  const own = (key: string) => accountRecordKey(partition, key)
  const activeKey = activeAccountKey(partition)
  accounts.settleBy(withSameRecords)

  const putChange = (key: string, value: unknown, tags: readonly string[] = []): StoreChange => ({
    type: 'put',
    collection: 'accounts',
    record: { key, tags: [partition, ...tags], expiresAtMs: Number.MAX_SAFE_INTEGER, value },
  })
  const putChanges = (record: AccountRecord): StoreChange[] => {
    const { iss, sid } = record.account.idTokenClaims
    const tags = typeof sid === 'string' ? [sessionTag(iss, sid), sidTag(sid)] : []
    return [putChange(own(accountKey(record.account)), accountFormat.write(record), tags)]
  }
  const forgetActive = { type: 'delete', collection: 'accounts', key: activeKey } as const
  function activate(account: Account | undefined): StoreChange[] {
    const active = account && accountKey(account)
    accounts.setActive(active)
    if (active !== undefined) return [putChange(activeKey, activeAccountFormat.write({ active }))]
    // A tab with its own active account does not change the active account that new tabs start with.
    return accounts.sharedId() === undefined ? [forgetActive] : []
  }

  return {
    ...accounts,
    putChanges,
    activate,

    nameOf: (account) => ({
      collection: 'accounts',
      key: own(accountKey(account)),
    }),
    async stored(account) {
      const key = accountKey(account)
      const stored = accounts.recordOf(key) && (await store.get('accounts', own(key)))
      return stored ? parseAccountRecord(stored.value) : undefined
    },
    inTenant: (account, authority, rules) =>
      rules.accountAt(account, authority, accounts.records().values()),

    put(record) {
      accounts.set(accountKey(record.account), record)
      return putChanges(record)
    },
    remove(key) {
      const isShared = accounts.sharedId() === key
      accounts.set(key, undefined)
      if (accounts.activeId() === key) accounts.setActive(undefined)
      const changes: StoreChange[] = [
        { type: 'delete', collection: 'accounts', key: own(key) },
        { type: 'deleteTagged', collection: 'accounts', tag: accountDataTag(own(key)) },
      ]
      return isShared ? [...changes, forgetActive] : changes
    },
  }
}
