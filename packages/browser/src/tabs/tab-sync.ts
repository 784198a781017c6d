import { type Account, type AccountRegistry, accountKey, type TokenCache } from '@carnet/core'
import type { Events } from '../startup/start-context.ts'
import type { ChangeMessage, TokenNote } from '../startup/tabs/tab-message.ts'

/** Applies the changes of other tabs to this tab. */
export interface TabSync {
  /** Reads the accounts from the store, and emits an event for each change. */
  reloadAccounts: () => Promise<void>
  /** Resolves when no reload of the accounts is in progress. */
  whenSettled: () => Promise<void>
  /** Handles a message of another tab. */
  onMessage(message: ChangeMessage): Promise<void>
  /** Clears the tokens in memory and reloads the accounts, after the tab was frozen or had no storage. */
  resync(): Promise<void>
}

/** Creates a follower. It removes stale tokens from memory, reads the accounts, and emits events to the page. */
export function createTabSync(deps: {
  accounts: AccountRegistry
  cache: TokenCache
  events: Events
  /** Reports a change without its own event to the page. */
  changed: () => void
}): TabSync {
  const { accounts, cache, events, changed } = deps

  let reloading: Promise<void> = Promise.resolve()
  /** Runs reloads one after the other: each reports the changes since the previous reload. */
  function reloadAccounts(): Promise<void> {
    reloading = reloading.catch(() => undefined).then(reload)
    return reloading
  }

  async function reload(): Promise<void> {
    const before = new Map(accounts.list().map((account) => [accountKey(account), account]))
    const activeBefore = accounts.active()
    const listBefore = accounts.list()
    // In the same step as the change: no caller gets a token of a new active account before the event.
    await accounts.load(() => {
      tellChanges(before, activeBefore)
      // An account may have newer claims.
      if (accounts.list() !== listBefore) changed()
    })
  }

  function tellChanges(
    before: ReadonlyMap<string, Account>,
    activeBefore: Account | undefined,
  ): void {
    const after = new Map(accounts.list().map((account) => [accountKey(account), account]))

    for (const [key, account] of after)
      if (!before.has(key)) events.emit('accountAdded', { account, tab: 'other' })
    for (const [key, account] of before) {
      if (after.has(key)) continue
      cache.forget(key)
      events.emit('accountRemoved', { account, tab: 'other' })
    }
    const active = accounts.active()
    // The active account was removed: a later sign-in in another tab must not make it active again here.
    if (activeBefore && !active) accounts.setActive(undefined)
    if ((active && accountKey(active)) !== (activeBefore && accountKey(activeBefore)))
      events.emit('activeAccountChanged', { account: active ?? null, tab: 'other' })
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
    whenSettled: () => reloading.catch(() => undefined),
    async onMessage(message: ChangeMessage): Promise<void> {
      if (message.account !== '') cache.forget(message.account)
      const isSignedOut = message.type === 'accountsChanged' && message.signedOut
      const account = isSignedOut ? accounts.byKey(message.account) : undefined
      // A token response may contain a newer ID token, maybe of another sign-in.
      await reloadAccounts()
      if (message.type === 'tokensChanged' && message.token) tell(message.account, message.token)
      if (account && !accounts.byKey(message.account))
        events.emit('signedOut', { account, tab: 'other' })
    },
    resync(): Promise<void> {
      cache.forgetAll()
      return reloadAccounts().catch(() => undefined) // The client was closed meanwhile.
    },
  }
}
