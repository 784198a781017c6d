import {
  type Account,
  accountKey,
  journalTag,
  refreshTokenKey,
  type StoreChange,
} from '@carnet/core'
import type { Context } from './context.ts'

/** Removes an account with its tokens and consents from this browser. */
export type RemoveAccount = (
  account: Account,
  signedOut?: true,
  /** The id of the request. */
  correlationId?: string,
) => Promise<void>

/** Removes accounts, and notifies the page and the other tabs. The session at the provider continues. */
export function createRemoveAccount({
  config,
  custody,
  store,
  cache,
  accounts,
  ledger,
  announce,
  events,
  dpop,
}: Context): RemoveAccount {
  /** Deletes the redemptions in the journal: none of them signs the account in again. */
  async function endJournal(account: Account): Promise<StoreChange[]> {
    const { journal } = custody
    if (!journal) return []
    const tokens = (await cache.refreshTokens(account)).map(({ token }) => token)
    const keys = await Promise.all(tokens.map(journal.keyOf))
    return [
      { type: 'deleteTagged', collection: 'transactions', tag: journalTag(config.partition) },
      ...keys.map((entry) => ({ type: 'delete', collection: 'transactions', key: entry }) as const),
    ]
  }

  /** The keys of the account's grants. Another account of the same user may share them. */
  async function keysOf(account: Account): Promise<string[]> {
    const owner = refreshTokenKey(account)
    const isShared = accounts.list().filter((other) => refreshTokenKey(other) === owner).length > 1
    const held = isShared ? [] : await cache.refreshTokens(account)
    return held.flatMap(({ jkt }) => jkt ?? [])
  }

  return async function removeAccount(account, signedOut, correlationId) {
    const key = accountKey(account)
    const active = accounts.active()
    const wasActive = active !== undefined && accountKey(active) === key
    const keys = dpop ? await keysOf(account) : []
    const removed = accounts.remove(key)
    const changes = [
      ...removed,
      ...cache.removal(account, accounts.list()),
      ...ledger.removal(account),
    ]
    cache.forget(key)
    await store.write([...changes, ...(await endJournal(account))])
    if (keys.length > 0) await (await dpop?.get())?.forget(keys)
    announce.accountRemoved(account, signedOut)
    if (wasActive) announce.activeAccountChanged(undefined)
    if (signedOut) events.emit('signedOut', { account, tab: 'this', correlationId })
  }
}
