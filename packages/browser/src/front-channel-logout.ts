import { sessionTag, type TokenStore } from '@carnet/core'
import type { EndedSession } from './interaction/ended-session.ts'
import type { TabMessage } from './tabs/tab-message.ts'

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
    // Whatever the tenant, the refresh tokens are those of the home account.
    const home = [client, environment, homeAccountId, ''].join('|')
    await store.write([
      { type: 'delete', collection: 'accounts', key },
      { type: 'deleteTagged', collection: 'accessTokens', tag: key },
      { type: 'deleteTagged', collection: 'consents', tag: key },
      { type: 'delete', collection: 'refreshTokens', key: home },
      { type: 'deleteTagged', collection: 'refreshTokens', tag: home },
    ])
    say({
      type: 'accountsChanged',
      clientId: decodeURIComponent(client),
      account: account.join('|'),
    })
  }
}
