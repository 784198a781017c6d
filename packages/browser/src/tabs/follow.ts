import { type Account, type AccountRegistry, accountKey, type TokenCache } from '@carnet/core'
import type { Events } from '../startup/shell.ts'
import type { RenewalMessage, TabMessage, TokenNote } from '../startup/tab-message.ts'

/** Follows what other tabs do. */
export interface Follower {
  /** Reads who is signed in, and tells who came and went. */
  reloadAccounts: () => Promise<void>
  /** Resolves when the accounts are what the store says. */
  settled: () => Promise<void>
  /** Another tab said that something changed. */
  hear(message: Exclude<TabMessage, RenewalMessage>): Promise<void>
  /** This tab slept, or was without storage: whatever memory holds may be old. */
  catchUp(): Promise<void>
}

/** Catches up with what another tab did: drops what memory holds, reads the accounts, tells the page. */
export function createFollower(deps: {
  accounts: AccountRegistry
  cache: TokenCache
  events: Events
  /** Tells the page that something changed of which no other event tells. */
  changed: () => void
}): Follower {
  const { accounts, cache, events, changed } = deps

  let reloading: Promise<void> = Promise.resolve()
  /** One after the other: each reports what is new since the one before it. */
  function reloadAccounts(): Promise<void> {
    reloading = reloading.catch(() => undefined).then(reload)
    return reloading
  }

  async function reload(): Promise<void> {
    const before = new Map(accounts.list().map((account) => [accountKey(account), account]))
    const activeBefore = accounts.active()
    const listBefore = accounts.list()
    // In one step with the change: nobody is given a token of another active account before the event has told of it.
    await accounts.load(() => {
      tellChanges(before, activeBefore)
      // The claims of an account may be newer.
      if (accounts.list() !== listBefore) changed()
    })
  }

  function tellChanges(
    before: ReadonlyMap<string, Account>,
    activeBefore: Account | undefined,
  ): void {
    const after = new Map(accounts.list().map((account) => [accountKey(account), account]))

    for (const [key, account] of after)
      if (!before.has(key)) events.emit('accountAdded', { account })
    for (const [key, account] of before) {
      if (after.has(key)) continue
      cache.forget(key)
      events.emit('accountRemoved', { account })
    }
    const active = accounts.active()
    // Its account is gone: it does not become active again because it signs in again elsewhere.
    if (activeBefore && !active) accounts.setActive(undefined)
    if ((active && accountKey(active)) !== (activeBefore && accountKey(activeBefore)))
      events.emit('activeAccountChanged', { account: active ?? null })
  }

  function tell(key: string, { resource, scopes, expiresAtMs, source }: TokenNote): void {
    const account = accounts.byKey(key)
    if (!account) return
    events.emit(source === 'renewal' ? 'tokenRenewed' : 'tokenAcquired', {
      account,
      resource,
      scopes,
      expiresOn: new Date(expiresAtMs),
      tab: 'other',
    })
  }

  return {
    reloadAccounts,
    settled: () => reloading.catch(() => undefined),
    async hear(message: Exclude<TabMessage, RenewalMessage>): Promise<void> {
      if (message.account !== '') cache.forget(message.account)
      const isSignedOut = message.type === 'accountsChanged' && message.signedOut
      const account = isSignedOut ? accounts.byKey(message.account) : undefined
      // With a token comes a newer ID token, maybe of another sign-in.
      await reloadAccounts()
      if (message.type === 'tokensChanged' && message.token) tell(message.account, message.token)
      if (account && !accounts.byKey(message.account)) events.emit('signedOut', { account })
    },
    catchUp(): Promise<void> {
      cache.forgetAll()
      return reloadAccounts().catch(() => undefined) // Closed meanwhile.
    },
  }
}
