import { asObject } from '../json.ts'
import type { TokenStore } from '../tokens/token-store.ts'
import {
  type Account,
  type AccountRecord,
  accountKey,
  parseAccountRecord,
  refreshTokenKey,
} from './account.ts'

export type AccountList = ReturnType<typeof createAccountList>

/** Keys of the records of one client. No account has that of the active one: theirs have three parts. */
export const accountKeysOf = (clientId: string) => {
  const prefix = encodeURIComponent(clientId)
  const own = (key: string) => `${prefix}|${key}`
  return { prefix, own, activeKey: own('active') }
}

/** Who is signed in to one client, read from a store and held in memory, so that nobody waits who asks. */
export function createAccountList(clientId: string, store: Pick<TokenStore, 'find'>) {
  const { prefix, activeKey } = accountKeysOf(clientId)
  let records: ReadonlyMap<string, AccountRecord> = new Map()
  let list: readonly Account[] = []
  let activeId: string | undefined
  /** What changed here while the store was being read: it is newer than what was read. */
  const readings = new Set<Map<string, AccountRecord | string | undefined>>()
  const note = (key: string, change: AccountRecord | string | undefined) => {
    for (const changes of readings) changes.set(key, change)
  }

  function keep(next: ReadonlyMap<string, AccountRecord>): void {
    records = withTenantProfiles(next)
    list = Object.freeze([...records.values()].map(({ account }) => account))
  }

  return {
    /** Reads what the store holds. What cannot be read is left out, never thrown. */
    async load(): Promise<void> {
      const changes = new Map<string, AccountRecord | string | undefined>()
      readings.add(changes)
      const stored = await store.find('accounts', prefix).finally(() => readings.delete(changes))
      const next = new Map<string, AccountRecord>()
      for (const { value } of stored) {
        const record = parseAccountRecord(value)
        if (record) next.set(accountKey(record.account), record)
      }
      for (const [key, change] of changes) {
        if (typeof change === 'object') next.set(key, change)
        else next.delete(key)
      }
      keep(next)
      const active = changes.has(activeKey)
        ? changes.get(activeKey)
        : asObject(stored.find(({ key }) => key === activeKey)?.value)?.active
      activeId = typeof active === 'string' ? active : undefined
    },

    list: () => list,
    records: () => records,
    /** The record of `account`, found by its ids: a copy of the object will do. */
    record: (account: Account) => records.get(accountKey(account)),
    recordOf: (key: string) => records.get(key),
    byKey: (key: string) => records.get(key)?.account,
    active: (): Account | undefined =>
      activeId === undefined ? undefined : records.get(activeId)?.account,
    activeId: () => activeId,

    /** Changes what memory holds: an account that is there now, or is gone. */
    set(key: string, record: AccountRecord | undefined): void {
      note(key, record)
      const next = new Map(records)
      if (record) next.set(key, record)
      else next.delete(key)
      keep(next)
    },
    /** Changes which account is the active one, in memory. */
    setActive(key: string | undefined): void {
      activeId = key
      note(activeKey, key)
    },
  }
}

/** Each account with all tenants that its home account is signed in to, where the provider has tenants. */
function withTenantProfiles(
  records: ReadonlyMap<string, AccountRecord>,
): ReadonlyMap<string, AccountRecord> {
  const profiled = new Map(records)
  for (const [key, record] of records) {
    const { account } = record
    if (account.tenantId === '') continue
    const tenantProfiles = [...records.values()]
      .map((other) => other.account)
      .filter((other) => refreshTokenKey(other) === refreshTokenKey(account))
      .map(({ tenantId, localAccountId, username, name, homeAccountId }) => ({
        tenantId,
        localAccountId,
        username,
        name,
        isHomeTenant: homeAccountId.endsWith(`.${tenantId}`),
      }))
    profiled.set(key, { ...record, account: Object.freeze({ ...account, tenantProfiles }) })
  }
  return profiled
}
