import { sessionTag, type TokenStore } from '@carnet/core'
import type { EndedSession } from './interaction/ended-session.ts'
import type { TabMessage } from './tabs/channel.ts'

/**
 * Removes the accounts that the session signed in, of every client of the cache, with their tokens,
 * and tells the tabs. Browsers give a frame within another site a storage of its own: there is
 * nothing to find there unless provider and app share a site.
 */
export async function removeSession(
  { iss, sid }: EndedSession,
  store: TokenStore,
  say: (message: TabMessage) => void,
): Promise<void> {
  for (const { key } of await store.find('accounts', sessionTag(iss, sid))) {
    const [client = '', ...account] = key.split('|')
    const [environment, homeAccountId] = account
    await store.write([
      { type: 'delete', collection: 'accounts', key },
      { type: 'deleteTagged', collection: 'accessTokens', tag: key },
      { type: 'deleteTagged', collection: 'consents', tag: key },
      // Whatever the tenant, the refresh token is that of the home account.
      {
        type: 'delete',
        collection: 'refreshTokens',
        key: [client, environment, homeAccountId, ''].join('|'),
      },
    ])
    say({
      type: 'accountsChanged',
      clientId: decodeURIComponent(client),
      account: account.join('|'),
    })
  }
}
