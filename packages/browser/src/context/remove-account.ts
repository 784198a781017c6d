import { type Account, accountKey } from '@carnet/core'
import type { Events } from '../startup/start-context.ts'
import type { Context } from './context.ts'

/** Removes an account with its tokens and consents from this browser. */
export type RemoveAccount = (account: Account, signedOut?: true) => Promise<void>

/** Removes accounts, and notifies the page and the other tabs. The session at the provider continues. */
export function createRemoveAccount(
  { store, cache, accounts, ledger, announce }: Context,
  events: Events,
): RemoveAccount {
  return async function removeAccount(account, signedOut) {
    const key = accountKey(account)
    const active = accounts.active()
    const wasActive = active !== undefined && accountKey(active) === key
    const removed = accounts.remove(key)
    const changes = [
      ...removed,
      ...cache.removal(account, accounts.list()),
      ...ledger.removal(account),
    ]
    cache.forget(key)
    await store.write(changes)
    announce.accountRemoved(account, signedOut)
    if (wasActive) announce.activeAccountChanged(undefined)
    if (signedOut) events.emit('signedOut', { account })
  }
}
