import { type Account, AuthError, accountKey } from '@carnet/core'
import type { Events } from '../announce.ts'
import type { Network } from '../network.ts'
import type { SignOutRequest } from '../requests.ts'
import type { Runtime } from '../runtime.ts'

/** Sign-out: what is held here goes first and always, the provider's session after it. */
export function createSignOut(
  { page, store, cache, accounts, announce }: Runtime,
  events: Events,
  network: () => Promise<Network>,
) {
  async function removeAccount(account: Account): Promise<void> {
    const key = accountKey(account)
    const wasActive = accounts.active() === account
    await store.write([...accounts.remove(key), ...cache.removal(key)])
    cache.forget(key)
    announce.accountRemoved(account)
    if (wasActive) announce.activeAccountChanged(undefined)
  }

  async function signOut(request: SignOutRequest): Promise<void> {
    const owner = request.account ?? accounts.active()
    const record = owner && accounts.record(owner)
    if (!record) {
      if (request.account)
        throw new AuthError('account_not_found', 'The account is not signed in here.')
      return // Nobody is signed in: that is what was wanted.
    }
    const { account, idToken, authority } = record
    await removeAccount(account)
    events.emit('signedOut', { account })
    if (request.interaction === 'none') return

    const { endSession } = await network()
    const url = await endSession({ ...request, idToken, authority })
    if (url === undefined)
      throw new AuthError('end_session_unsupported', `${authority} has no end-session endpoint.`)
    page.navigate(url)
    await new Promise<void>((resolve) => {
      const stop = page.onRestored(() => {
        stop()
        resolve()
      })
    })
  }

  return { signOut, removeAccount }
}
