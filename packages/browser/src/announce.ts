import { accountKey, type createEmitter } from '@carnet/core'
import type { AuthEvents } from './events.ts'
import type { Announce } from './runtime.ts'
import type { TabChannel } from './tabs/channel.ts'

export type Events = ReturnType<typeof createEmitter<AuthEvents>>

/** Tells the listeners of this page and, by names only, the other tabs. */
export function createAnnounce(clientId: string, events: Events, channel: TabChannel): Announce {
  return {
    accountAdded(account) {
      channel.say({ type: 'accountsChanged', clientId, account: accountKey(account) })
      events.emit('accountAdded', { account })
    },
    accountRemoved(account) {
      channel.say({ type: 'accountsChanged', clientId, account: accountKey(account) })
      events.emit('accountRemoved', { account })
    },
    activeAccountChanged(account) {
      channel.say({
        type: 'accountsChanged',
        clientId,
        account: account === undefined ? '' : accountKey(account),
      })
      events.emit('activeAccountChanged', { account: account ?? null })
    },
    tokens(account, { resource, grantedScopes, expiresAtMs }, source) {
      channel.say({ type: 'tokensChanged', clientId, account: accountKey(account) })
      events.emit(source === 'renewal' ? 'tokenRenewed' : 'tokenAcquired', {
        account,
        resource,
        scopes: grantedScopes,
        expiresOn: new Date(expiresAtMs),
      })
    },
  }
}
