import type { AuthorityProfile } from '../authority/authority-profile.ts'
import { authorityName, isTenantAlias } from '../authority/entra-authority.ts'
import { servesAccount } from '../authority/serves-account.ts'
import { accountRecordKey, sessionTag, sidTag } from '../records/record-keys.ts'
import type { RecordName, RecordStore, StoreChange } from '../records/record-store.ts'
import { activeAccountKey } from '../records/shelf-keys.ts'
import {
  type Account,
  type AccountRecord,
  accountFormat,
  accountKey,
  parseAccountRecord,
} from './account.ts'
import { activeAccountFormat, createAccountList } from './account-list.ts'
import { refreshTokenKey } from './refresh-token-key.ts'
import { withSameRecords } from './same-records.ts'
import { withTenantProfiles } from './tenant-profiles.ts'

export type AccountRegistry = ReturnType<typeof createAccountRegistry>

/** The accounts of one client, with what changes them: in memory at once, in the store by the changes returned. */
export function createAccountRegistry(
  partition: string,
  store: RecordStore,
  accounts = createAccountList(partition, store),
) {
  const own = (key: string) => accountRecordKey(partition, key)
  const activeKey = activeAccountKey(partition)
  accounts.profileBy(withTenantProfiles, withSameRecords)

  const putChange = (key: string, value: unknown, tags: readonly string[] = []): StoreChange => ({
    type: 'put',
    collection: 'accounts',
    record: { key, tags: [partition, ...tags], expiresAtMs: Number.MAX_SAFE_INTEGER, value },
  })
  const putChanges = (record: AccountRecord) => {
    const { iss, sid } = record.account.idTokenClaims
    const tags = typeof sid === 'string' ? [sessionTag(iss, sid), sidTag(sid)] : []
    return [putChange(own(accountKey(record.account)), accountFormat.write(record), tags)]
  }
  const forgetActive = { type: 'delete', collection: 'accounts', key: activeKey } as const
  /** Makes an account the active one in memory; the changes returned do so in the store. */
  function activate(account: Account | undefined): StoreChange[] {
    const active = account && accountKey(account)
    accounts.setActive(active)
    if (active !== undefined) return [putChange(activeKey, activeAccountFormat.write({ active }))]
    // A tab with an active account of its own says nothing about the account that new tabs start with.
    return accounts.sharedId() === undefined ? [forgetActive] : []
  }

  return {
    ...accounts,
    /** Where the store keeps an account: what is written about it is written only while it is there. */
    nameOf: (account: Account): RecordName => ({
      collection: 'accounts',
      key: own(accountKey(account)),
    }),
    /** The record of `account` as the store has it now: another tab may have changed it. */
    async stored(account: Account): Promise<AccountRecord | undefined> {
      const key = accountKey(account)
      const stored = accounts.recordOf(key) && (await store.get('accounts', own(key)))
      return stored ? parseAccountRecord(stored.value) : undefined
    },
    /** The account as `authority` sees it: as the tenant that it names does, where that is signed in too. */
    inTenant(account: Account, authority: string, profile: AuthorityProfile): Account | undefined {
      if (!servesAccount(authority, account, profile)) return undefined
      const name = authorityName(authority)
      if (profile === 'oidc' || isTenantAlias(name)) return account
      const isThere = ({ account: other, authority: own }: AccountRecord) =>
        refreshTokenKey(other) === refreshTokenKey(account) &&
        (other.tenantId.toLowerCase() === name || authorityName(own) === name)
      return [...accounts.records().values()].find(isThere)?.account
    },

    /** Puts an account into memory; the changes returned put it into the store. */
    put(record: AccountRecord): StoreChange[] {
      accounts.set(accountKey(record.account), record)
      return putChanges(record)
    },
    /** The changes that put an account into the store. */
    putChanges,

    /** Takes an account out of memory; the changes returned take it out of the store. */
    remove(key: string): StoreChange[] {
      const isShared = accounts.sharedId() === key
      accounts.set(key, undefined)
      if (accounts.activeId() === key) accounts.setActive(undefined)
      const change: StoreChange = { type: 'delete', collection: 'accounts', key: own(key) }
      return isShared ? [change, forgetActive] : [change]
    },

    activate,
  }
}
