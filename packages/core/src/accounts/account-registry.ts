import type { AuthorityProfile } from '../authority/authority-profile.ts'
import { authorityName, isTenantAlias } from '../authority/entra-authority.ts'
import { servesAccount } from '../authority/serves-account.ts'
import { asObject } from '../json.ts'
import type { RecordName, StoreChange, TokenStore } from '../tokens/token-store.ts'
import {
  type Account,
  type AccountRecord,
  accountKey,
  escapeKey,
  parseAccountRecord,
  refreshTokenKey,
} from './account.ts'

export type AccountRegistry = ReturnType<typeof createAccountRegistry>

/** The accounts of one client, mirrored in memory so that `accounts` and `activeAccount` never wait. */
export function createAccountRegistry(clientId: string, store: TokenStore) {
  const prefix = encodeURIComponent(clientId)
  const own = (key: string) => `${prefix}|${key}`
  /** No account has this key: theirs have three parts. */
  const activeKey = own('active')
  let records = new Map<string, AccountRecord>()
  let list: readonly Account[] = Object.freeze([])
  let activeId: string | undefined
  /** What changed here while the store was being read: it is newer than what was read. */
  const readings = new Set<Map<string, AccountRecord | string | undefined>>()
  const note = (key: string, change: AccountRecord | string | undefined) => {
    for (const changes of readings) changes.set(key, change)
  }

  const putChange = (key: string, value: unknown, tags: readonly string[] = []): StoreChange => ({
    type: 'put',
    collection: 'accounts',
    record: { key, tags: [prefix, ...tags], expiresAtMs: Number.MAX_SAFE_INTEGER, value },
  })
  const putChanges = (record: AccountRecord) => {
    const { iss, sid } = record.account.idTokenClaims
    const tags = typeof sid === 'string' ? [sessionTag(iss, sid)] : []
    return [putChange(own(accountKey(record.account)), record, tags)]
  }
  /** Makes an account the active one in memory; the changes returned do so in the store. */
  function activate(account: Account | undefined): StoreChange[] {
    activeId = account && accountKey(account)
    note(activeKey, activeId)
    return activeId === undefined
      ? [{ type: 'delete', collection: 'accounts', key: activeKey }]
      : [putChange(activeKey, { active: activeId })]
  }
  const keep = (next: Map<string, AccountRecord>) => {
    records = new Map([...next].map(([key, record]) => [key, withTenantProfiles(record, next)]))
    list = Object.freeze([...records.values()].map(({ account }) => account))
  }

  return {
    /** Reads what the store holds. What cannot be read is left out, never thrown. */
    async load(): Promise<void> {
      const changes = new Map<string, AccountRecord | string | undefined>()
      readings.add(changes)
      const stored = await store.find('accounts', prefix).finally(() => readings.delete(changes))
      const parsed = stored.flatMap(({ value }) => parseAccountRecord(value) ?? [])
      const next = new Map(parsed.map((record) => [accountKey(record.account), record]))
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

    /** Where the store keeps an account: what is written about it is written only while it is there. */
    nameOf: (account: Account): RecordName => ({
      collection: 'accounts',
      key: own(accountKey(account)),
    }),
    list: () => list,
    /** The record of `account`, found by its ids: a copy of the object will do. */
    record: (account: Account) => records.get(accountKey(account)),
    recordOf: (key: string) => records.get(key),
    /** The record of `account` as the store has it now: another tab may have changed it. */
    async stored(account: Account): Promise<AccountRecord | undefined> {
      const key = accountKey(account)
      const stored = records.has(key) && (await store.get('accounts', own(key)))
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
      return [...records.values()].find(isThere)?.account
    },
    byKey: (key: string) => records.get(key)?.account,
    active: (): Account | undefined =>
      activeId === undefined ? undefined : records.get(activeId)?.account,

    /** Puts an account into memory; the changes returned put it into the store. */
    put(record: AccountRecord): StoreChange[] {
      const key = accountKey(record.account)
      note(key, record)
      keep(new Map(records).set(key, record))
      return putChanges(record)
    },
    /** The changes that put an account into the store. */
    putChanges,

    /** Takes an account out of memory; the changes returned take it out of the store. */
    remove(key: string): StoreChange[] {
      const next = new Map(records)
      next.delete(key)
      note(key, undefined)
      keep(next)
      const changes: StoreChange[] = [{ type: 'delete', collection: 'accounts', key: own(key) }]
      return activeId === key ? [...changes, ...activate(undefined)] : changes
    },

    activate,
  }
}

/** The tag of the accounts that a session of the provider signed in, whatever their client. */
export const sessionTag = (iss: string, sid: string) =>
  `session|${escapeKey(iss)}|${escapeKey(sid)}`

/** The account with all tenants that its home account is signed in to; as it is where there are none. */
function withTenantProfiles(
  record: AccountRecord,
  all: ReadonlyMap<string, AccountRecord>,
): AccountRecord {
  const { account } = record
  if (account.tenantId === '') return record
  const tenantProfiles = [...all.values()]
    .map((other) => other.account)
    .filter((other) => refreshTokenKey(other) === refreshTokenKey(account))
    .map(({ tenantId, localAccountId, username, name, homeAccountId }) => ({
      tenantId,
      localAccountId,
      username,
      name,
      isHomeTenant: homeAccountId.endsWith(`.${tenantId}`),
    }))
  return { ...record, account: Object.freeze({ ...account, tenantProfiles }) }
}
