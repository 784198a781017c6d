import { groupOf, parseAccountRecordKey, sessionTag, type TokenStore } from '@carnet/core'
import type { EndedSession } from './interaction/ended-session.ts'
import { openTabChannel } from './tabs/channel.ts'

/**
 * Removes the accounts that the session signed in, in every partition of its issuer, with their tokens, and tells the
 * tabs. An issuer ends only its own sessions: `iss` is part of what the accounts are found by. Browsers give a frame
 * within another site a storage of its own: there is nothing to find there unless provider and app share a site.
 */
export async function removeSession(
  { iss, sid }: EndedSession,
  store: TokenStore,
  cacheName: string,
): Promise<void> {
  for (const { key } of await store.find('accounts', sessionTag(iss, sid))) {
    const name = parseAccountRecordKey(key)
    if (!name) continue
    const { partition, account, refreshToken } = name
    await store.write([
      { type: 'delete', collection: 'accounts', key },
      { type: 'deleteTagged', collection: 'accessTokens', tag: key },
      { type: 'deleteTagged', collection: 'consents', tag: key },
      { type: 'delete', collection: 'refreshTokens', key: refreshToken },
      { type: 'deleteTagged', collection: 'refreshTokens', tag: refreshToken },
    ])
    // The page may hold no client of the partition, so it has no channel of it.
    const channel = openTabChannel(groupOf(cacheName, partition), () => undefined)
    channel.say({ type: 'accountsChanged', account })
    channel.close()
  }
}
