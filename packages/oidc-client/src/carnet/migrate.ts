import type { AuthClient, AuthClientOptions } from '@carnet/browser'
import { migrateFromOidcClient } from '@carnet/browser/migrate-oidc-client'
import { Logger } from '../values/log.ts'
import { placeOf, prefixOf } from '../values/stores.ts'
import type { ClientSettings } from './client-options.ts'
import { scopesOf } from './requests.ts'
import { writeNote } from './user-notes.ts'

/**
 * Moves the user whom `oidc-client-ts` has stored into the cache of Carnet, so that the user stays signed in. Without such a user it
 * returns at once. A failure is logged: then the user signs in again.
 *
 * @returns The function that keeps the rest of the user, as soon as the client is open.
 */
export async function migrate(
  options: AuthClientOptions,
  { authority, scope, userStore }: ClientSettings,
): Promise<((auth: AuthClient) => Promise<void>) | undefined> {
  if (options.cache?.location === 'memory' || !authority) return undefined
  const isOfApp = userStore !== undefined && placeOf(userStore) === undefined
  const asked = {
    authority,
    prefix: prefixOf(userStore) ?? 'oidc.',
    userStore: isOfApp ? userStore : undefined,
  }
  const report = await migrateFromOidcClient(options, asked).catch((error) => {
    Logger.warn('UserManager', 'The user of oidc-client-ts was not moved:', error)
  })
  if (!report || report.moved.length === 0) return undefined
  return async (auth) => {
    for (const { account, user } of report.moved)
      await writeNote(auth, account, {
        terms: { scopes: scopesOf(user?.scope ?? scope) },
        scope: user?.scope,
        session_state: user?.sessionState,
        claims: user?.profile,
      })
  }
}
