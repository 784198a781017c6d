/** Users of `oidc-client-ts` 2 and 3 stay signed in when an app switches to Carnet. */
import type { MigrationReport } from '../api/migration.ts'
import type { AuthClientOptions } from '../api/options.ts'
import { findOldEntries } from './places.ts'

export type {
  EarlierUser,
  MigrationReport,
  MovedSession,
  SkippedEntry,
  SkipReason,
} from '../api/migration.ts'

/** A `StateStore` of `oidc-client-ts` 2 and 3, as far as a migration uses it. */
export interface OidcUserStore {
  get(key: string): Promise<string | null>
  remove(key: string): Promise<unknown>
}

/** The settings of `UserManager`, as far as the names of its entries depend on them. */
export interface OidcClientSettings {
  /** The `authority`, to the letter. Default: the `authority` of Carnet, with and without a slash at the end. */
  authority?: string | undefined
  /** The `prefix` of its `WebStorageStateStore`. Default `oidc.`. */
  prefix?: string | undefined
  /**
   * The `userStore` of the app, if it is no `WebStorageStateStore` over `localStorage` or `sessionStorage`. Default: both of these
   * are read.
   */
  userStore?: OidcUserStore | undefined
}

/**
 * Moves the session that `oidc-client-ts` 2 or 3 has stored for the client, from `localStorage` and `sessionStorage`, or from
 * `userStore`. Call it with the options of `createAuthClient`, and wait for it before you call `createAuthClient`. Without an entry it
 * returns at once, and loads nothing.
 *
 * The user becomes the active account of Carnet, with ID token, refresh token and a valid access token. No token is redeemed, but
 * the metadata of the provider is read. Only if nobody is signed in with Carnet yet. The old entry is removed after the cache has the
 * new ones, and so are sign-ins that were under way. Other clients keep their entries.
 *
 * @throws AuthError `invalid_options`: for options that `createAuthClient` refuses, and for `cache.location: 'memory'`;
 * `lock_timeout` if another tab migrates for more than 20 seconds. Errors of `userStore` stay as they are.
 */
export async function migrateFromOidcClient(
  options: AuthClientOptions,
  { authority, prefix = 'oidc.', userStore }: OidcClientSettings = {},
): Promise<MigrationReport> {
  const { clientId, clock = Date } = options
  const bare = `${options.authority}`.replace(/\/$/, '')
  const authorities = authority === undefined ? [bare, `${bare}/`] : [authority]
  const name = `oidc-client|${authority ?? bare}|${clientId}`
  const keys = authorities.map((one) => `user:${one}:${clientId}`)
  const users = keys.map((key) => prefix + key)
  const ofApp = userStore && (await storePlace(userStore, keys))
  const entries = [
    ...(ofApp ? findOldEntries(`${name}|store`, (key) => keys.includes(key), [ofApp]) : []),
    ...findOldEntries(name, (key) => users.includes(key) || isState(prefix, key)),
  ]
  if (entries.length === 0) return { moved: [], skipped: [] }
  const [{ moveSessions }, { findOidcSessions }] = await Promise.all([
    import('./move-sessions.ts'),
    import('./oidc-client/find-oidc-sessions.ts'),
  ])
  const places = entries.map(({ place }) => place)
  const all = ofApp ? [...new Set([...keys, ...users])] : users
  const report = await moveSessions(options, entries, async () => {
    await ofApp?.reload()
    return findOidcSessions({
      places,
      clientId,
      authorities,
      users: all,
      prefix,
      nowMs: clock.now(),
    })
  })
  await ofApp?.settle()
  return report
}

async function storePlace(userStore: OidcUserStore, keys: readonly string[]) {
  const { openStorePlace } = await import('./oidc-client/store-place.ts')
  return openStorePlace(userStore, keys)
}

/** True for the key of a sign-in or sign-out that is under way, of any client. */
const isState = (prefix: string, key: string): boolean =>
  key.startsWith(prefix) && /^[0-9a-f]{32}$/.test(key.slice(prefix.length))
