import { type AccessTokenRecord, type AuthError, accountKey, type TokenQuery } from '@carnet/core'
import type { Events } from '../startup/start-context.ts'
import type { TabChannel } from '../startup/tabs/channel.ts'
import type { Announce } from './context.ts'

/** Creates the functions that report changes to the listeners of this page, and to other tabs without any token. */
export function createAnnounce(
  events: Events,
  channel: TabChannel,
  changed: Announce['changed'] = () => undefined,
): Announce {
  const say = (type: 'accountsChanged', account: string, signedOut?: true) =>
    channel.post({ type, account, signedOut })
  let isSkewTold = false
  /** Errors that were reported: many callers may share one error. */
  const reported = new WeakSet<AuthError>()
  let onAcquired: (query: TokenQuery, record: AccessTokenRecord) => void = () => {}

  return {
    changed,
    accountAdded(account, correlationId) {
      say('accountsChanged', accountKey(account))
      events.emit('accountAdded', { account, tab: 'this', correlationId })
    },
    accountRemoved(account, signedOut) {
      say('accountsChanged', accountKey(account), signedOut)
      events.emit('accountRemoved', { account, tab: 'this' })
    },
    activeAccountChanged(account) {
      say('accountsChanged', account === undefined ? '' : accountKey(account))
      events.emit('activeAccountChanged', { account: account ?? null, tab: 'this' })
    },
    onAcquired(callback) {
      onAcquired = callback
    },
    renewalFailed(account, error, nextTryAtMs) {
      if (reported.has(error)) return
      reported.add(error)
      const nextTryOn = nextTryAtMs === undefined ? undefined : new Date(nextTryAtMs)
      events.emit('renewalFailed', { account, error, nextTryOn })
    },
    tokens(query, record, source, correlationId) {
      const { owner: account } = query
      if (source === 'interaction') onAcquired(query, record)
      const { resource, grantedScopes, grantedTexts, expiresAtMs, clockOffsetMs } = record
      const scopes = grantedTexts ?? grantedScopes
      channel.post({
        type: 'tokensChanged',
        account: accountKey(account),
        token: { resource, scopes, expiresAtMs, source },
      })
      const clockSkewMs = isSkewTold ? undefined : clockOffsetMs
      const isHeard = events.emit(source === 'renewal' ? 'tokenRenewed' : 'tokenAcquired', {
        account,
        resource,
        scopes,
        expiresOn: new Date(expiresAtMs),
        tab: 'this',
        correlationId,
        clockSkewMs,
      })
      // The token of a sign-in by redirect arrives before the app can add a listener.
      if (isHeard && clockSkewMs !== undefined) isSkewTold = true
    },
  }
}
