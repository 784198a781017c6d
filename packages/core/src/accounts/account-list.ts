import { formatOf } from '../records/format.ts'
import { activeAccountKey } from '../records/keys/first-keys.ts'
import type { RecordStore } from '../records/record-store.ts'
import { shape, text } from '../records/shape.ts'
import { type Account, type AccountRecord, accountKey, parseAccountRecord } from './account.ts'

/** Account records by their `accountKey`. */
export type AccountRecords = ReadonlyMap<string, AccountRecord>

/** The accounts that are signed in to one client, in memory. A `key` is the `accountKey` of an account. */
export interface AccountList {
  /**
   * Reads the accounts from the store. Skips records that it cannot read. Rejects only if the store rejects.
   *
   * @param onChanged Called in the same step in which memory changes, so that no reader sees the change before its events.
   */
  load(onChanged?: () => void): Promise<void>
  /**
   * Sets a function that completes each account from all the others, for providers with tenants.
   */
  profileBy(more: (records: AccountRecords) => AccountRecords): void
  /** @param settle Replaces records that are equal to the earlier records by the earlier objects. */
  settleBy(settle: (next: AccountRecords, before: AccountRecords) => AccountRecords): void
  /** Returns the accounts. The list is frozen, and stays the same object until an account changes. */
  list(): readonly Account[]
  /** Returns the records of the accounts, by their keys. */
  records(): AccountRecords
  /** Returns the record of `account`, found by its ids: a copy of the object is enough. Never throws. */
  record(account: Account): AccountRecord | undefined
  recordOf(key: string): AccountRecord | undefined
  byKey(key: string): Account | undefined
  /** Returns the active account of this tab, if the account is signed in. */
  active(): Account | undefined
  /** Returns the key of this tab's active account, whether it is signed in or not. */
  activeId(): string | undefined
  /** Returns the key of the active account that the store names: new tabs start with it. */
  sharedId(): string | undefined
  /** Sets or removes an account in memory. */
  set(key: string, record: AccountRecord | undefined): void
  /** Sets the active account in memory. A tab with its own active account changes the shared account only by a sign-in. */
  setActive(key: string | undefined): void
}

interface Active {
  readonly active: string
}

/** The format of the record that names the active account, by its `accountKey`. */
export const activeAccountFormat = formatOf<Active>(1, shape<Active>({ active: text }))

/** Holds the active account of one tab, apart from the active account that all tabs share. */
export interface TabAccount {
  /** Returns the key of the tab's active account. During start-up it is `shared`, unless the tab has chosen an account. */
  pick(shared: string | undefined): string | undefined
  /** Ends the start-up: from now on, `pick` does not take over `shared`. */
  settle(): void
  /** Sets the active account of the tab; `undefined` for none. */
  keep(key: string | undefined): void
}

/**
 * Creates the list of accounts that are signed in to one client. The list is in memory, so that no reader waits.
 *
 * @param tabAccount Holds the active account of this tab. Without it, all tabs share the active account of the store.
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
  /** The key of the active account in the store: new tabs start with it. */
  let sharedId: string | undefined
  /** One map for each read of the store in progress, with the changes made meanwhile: they are newer than the result. */
  const readings = new Set<Map<string, AccountRecord | string | undefined>>()
  const note = (key: string, change: AccountRecord | string | undefined) => {
    for (const changes of readings) changes.set(key, change)
  }

  let published: AccountRecords = records
  let profiled = (next: AccountRecords): AccountRecords => next
  let settled = profiled as (next: AccountRecords, before: AccountRecords) => AccountRecords

  function keep(next: AccountRecords): void {
    published = next
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

    settleBy(settle) {
      settled = settle
    },
    profileBy(more) {
      profiled = more
      keep(published)
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
      const next = new Map(published)
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
