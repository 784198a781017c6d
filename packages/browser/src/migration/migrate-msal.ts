/** Users of `@azure/msal-browser` 3, 4 and 5 stay signed in when an app switches to Carnet. */
import type { MigrationReport } from '../api/migration.ts'
import type { AuthClientOptions } from '../api/options.ts'
import { isEntryOf } from './msal/entry-names.ts'
import { findOldEntries } from './places.ts'

export type {
  MigrationReport,
  MovedSession,
  SkippedEntry,
  SkipReason,
} from '../api/migration.ts'

/**
 * Moves the sessions that `@azure/msal-browser` 3, 4 or 5 has stored for the client, from `localStorage` and `sessionStorage`. Call it
 * with the options of `createAuthClient`, and wait for it before you call `createAuthClient`. Without entries it returns at once,
 * and loads nothing.
 *
 * The accounts become accounts of Carnet, with their ID tokens, refresh tokens and valid access tokens. The active account
 * stays active; else the account that signed in last becomes active. No token is redeemed, but the metadata of the provider is read.
 * Only if nobody is signed in with Carnet yet. Old entries are removed after the cache has the new ones; other clients keep theirs.
 *
 * @throws AuthError `invalid_options`: for options that `createAuthClient` refuses, and for `cache.location: 'memory'`;
 * `lock_timeout` if another tab migrates for more than 20 seconds.
 */
export async function migrateFromMsal(options: AuthClientOptions): Promise<MigrationReport> {
  const { clientId, clock = Date } = options
  const entries = findOldEntries(`msal|${clientId}`, isEntryOf(clientId))
  if (entries.length === 0) return { moved: [], skipped: [] }
  const [{ moveSessions }, { findMsalSessions }] = await Promise.all([
    import('./move-sessions.ts'),
    import('./msal/find-msal-sessions.ts'),
  ])
  const places = entries.map(({ place }) => place)
  return moveSessions(options, entries, () =>
    findMsalSessions(options, { places, cookies: document.cookie, nowMs: clock.now() }),
  )
}
