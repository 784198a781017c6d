import { formatOf } from '../records/format.ts'
import type { RecordStore } from '../records/record-store.ts'
import { shape, text } from '../records/shape.ts'
import { activeAccountKey } from '../records/shelf-keys.ts'
import { type Account, type AccountRecord, accountKey, parseAccountRecord } from './account.ts'

export type AccountRecords = ReadonlyMap<string, AccountRecord>

/** The accounts that are signed in to one client, in memory. A `key` is the `accountKey` of an account. */
export interface AccountList {
  /**
   * Reads the accounts from the store. Leaves out records that it cannot read. Rejects only where the store does.
   *
   * @param onChanged Called in the same step in which memory changes: nobody sees the change before its events.
   */
  load(onChanged?: () => void): Promise<void>
  /**
   * Sets how the list completes each account from all the others: where a provider has tenants.
   *
   * @param settle Returns the records that are equal to those before as the same objects.
   */
  profileBy(
    more: (records: AccountRecords) => AccountRecords,
    settle?: (next: AccountRecords, before: AccountRecords) => AccountRecords,
  ): void
  /** Returns the accounts. The list is frozen, and stays the same object until an account changes. */
  list(): readonly Account[]
  /** Returns the records of the accounts, by their keys. */
  records(): AccountRecords
  /** Returns the record of `account`, found by its ids: a copy of the object will do. Never throws. */
  record(account: Account): AccountRecord | undefined
  recordOf(key: string): AccountRecord | undefined
  byKey(key: string): Account | undefined
  /** Returns the active account of this tab, where that account is signed in. */
  active(): Account | undefined
  /** Returns the key of this tab's active account, whether it is signed in or not. */
  activeId(): string | undefined
  /** Returns the key of the active account that the store names: new tabs start with it. */
  sharedId(): string | undefined
  /** Sets or removes an account in memory. */
  set(key: string, record: AccountRecord | undefined): void
  /** Sets the active account in memory. A tab that keeps its own changes the shared one only by a sign-in. */
  setActive(key: string | undefined): void
}

interface Active {
  readonly active: string
}

/** How the active account is stored, by its `accountKey`. */
export const activeAccountFormat = formatOf<Active>(1, shape<Active>({ active: text }))

/** Keeps which account is active in one tab, apart from the active account that all tabs share. */
export interface TabAccount {
  /** The key of the tab's active account. A page that starts takes over `shared` if its tab has decided nothing yet. */
  pick(shared: string | undefined): string | undefined
  /** The page has started: from now on it takes over nothing. */
  settle(): void
  /** The tab has another active account now; `undefined` for none. */
  keep(key: string | undefined): void
}

/**
 * The accounts that are signed in to one client, read from a store and held in memory, so that no caller waits.
 *
 * @param tabAccount Keeps the active account per tab. Without it, all tabs share the one that the store names.
 */
export function createAccountList(
  partition: string,
  store: Pick<RecordStore, 'find'>,
  tabAccount?: TabAccount,
): AccountList {
  const activeKey = activeAccountKey(partition)
  let records: AccountRecords = new Map()
  let list: readonly Account[] = Object.freeze([])
  let activeId: string | undefined
  /** The active account as the store names it: the one that new tabs start with. */
  let sharedId: string | undefined
  /** What changed here while the store was being read: it is newer than what was read. */
  const readings = new Set<Map<string, AccountRecord | string | undefined>>()
  const note = (key: string, change: AccountRecord | string | undefined) => {
    for (const changes of readings) changes.set(key, change)
  }

  let told: AccountRecords = records
  let profiled = (next: AccountRecords): AccountRecords => next
  let settled = profiled as (next: AccountRecords, before: AccountRecords) => AccountRecords

  function keep(next: AccountRecords): void {
    told = next
    const after = settled(profiled(next), records)
    if (after === records) return
    records = after
    list = Object.freeze([...records.values()].map(({ account }) => account))
  }

  return {
    async load(onChanged) {
      const changes = new Map<string, AccountRecord | string | undefined>()
      readings.add(changes)
      const stored = await store.find('accounts', partition).finally(() => readings.delete(changes))
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
        : activeAccountFormat.read(stored.find(({ key }) => key === activeKey)?.value)?.active
      sharedId = typeof active === 'string' ? active : undefined
      activeId = tabAccount
        ? tabAccount.pick(records.has(sharedId ?? '') ? sharedId : undefined)
        : sharedId
      onChanged?.()
    },

    profileBy(more, settle = settled) {
      settled = settle
      if (profiled === more) return
      profiled = more
      keep(told)
    },
    list: () => list,
    records: () => records,
    record(account) {
      try {
        return records.get(accountKey(account))
      } catch {
        return undefined // The app may give any value.
      }
    },
    recordOf: (key) => records.get(key),
    byKey: (key) => records.get(key)?.account,
    active: () => (activeId === undefined ? undefined : records.get(activeId)?.account),
    activeId: () => activeId,
    sharedId: () => sharedId,

    set(key, record) {
      note(key, record)
      const next = new Map(told)
      if (record) next.set(key, record)
      else next.delete(key)
      keep(next)
    },
    setActive(key) {
      activeId = key
      tabAccount?.keep(key)
      if (tabAccount && key === undefined) return
      sharedId = key
      note(activeKey, key)
    },
  }
}
