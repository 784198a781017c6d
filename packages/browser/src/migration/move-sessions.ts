/** Moves the sessions of an earlier library into the cache. Loads only if there are old entries. */
import { AuthError, partitionOf, profileOf } from '@carnet/core'
import type { AuthClient } from '../api/auth-client.ts'
import type { MigrationReport, MovedSession, SkippedEntry } from '../api/migration.ts'
import type { AuthClientOptions } from '../api/options.ts'
import { wholePage } from '../platform/page.ts'
import { createAuthClient } from '../startup/create-auth-client.ts'
import { firstPage } from '../startup/page/first-page.ts'
import { createTabLock } from '../tabs/lock.ts'
import { type Found, type FoundSession, isSameUser } from './found.ts'
import type { OldEntries } from './places.ts'

/** The longest wait for a migration in another tab, in milliseconds. Each asks the provider for its metadata at most. */
const PATIENCE_MS = 20_000

/**
 * Opens a client, moves what `find` returns, and closes the client. One tab at a time does this, and `find` runs after the others have
 * ended.
 *
 * @throws AuthError `invalid_options` for options that `createAuthClient` refuses, or for a cache in memory; `lock_timeout`
 */
export async function moveSessions(
  options: AuthClientOptions,
  entries: readonly OldEntries[],
  find: () => Promise<Found>,
): Promise<MigrationReport> {
  if (options.cache?.location === 'memory')
    throw new AuthError('invalid_options', 'A session cannot be moved into a cache in memory.')
  if (!URL.canParse(options.authority))
    throw new AuthError('invalid_options', 'The `authority` must be a URL.')
  const first = await find()
  if (first.sessions.length === 0) return end(first, entries, [])
  // In a popup or a hidden iframe of Carnet this never resolves. So the lock is taken later.
  const client = await createAuthClient(clientOptions(options))
  try {
    const { clientId, authority, authorityProfile } = options
    const partition = partitionOf(authority, clientId, profileOf(authority, authorityProfile))
    const lock = createTabLock(PATIENCE_MS, (_name, work) => work(), wholePage(firstPage()))
    return await lock(`carnet.migration|${partition}`, async () =>
      moveAll(await find(), entries, client),
    )
  } finally {
    client.close()
  }
}

/** The options that the import needs. The worker gets the refresh token at the first renewal. */
function clientOptions(options: AuthClientOptions): AuthClientOptions {
  const { clientId, authority, issuer, metadata, metadataUrl, authorityProfile } = options
  const { scopes, defaultScopes, cache, activeAccount, verifyIdTokenSignature } = options
  const { requestTimeoutMs, logger, fetch, clock } = options
  return {
    ...{ clientId, authority, issuer, metadata, metadataUrl, authorityProfile },
    ...{ scopes, defaultScopes, cache, activeAccount, verifyIdTokenSignature },
    ...{ requestTimeoutMs, logger, fetch, clock },
    response: 'leave',
    renewal: { enabled: false },
  }
}

async function moveAll(
  found: Found,
  entries: readonly OldEntries[],
  client: AuthClient,
): Promise<MigrationReport> {
  const isOpen = client.accounts.length === 0 || entries.some(({ isUnfinished }) => isUnfinished)
  const { moved, skipped } = isOpen
    ? await importAll(found.sessions, entries, client)
    : { moved: [], skipped: dropHeld(found.sessions, client) }
  return end(found, entries, moved, skipped)
}

/** Removes what no session needs, and notes the outcome. */
function end(
  { removeRest, skipped: unread }: Found,
  entries: readonly OldEntries[],
  moved: readonly MovedSession[],
  skipped: readonly SkippedEntry[] = [],
): MigrationReport {
  removeRest()
  const hasFailed = skipped.some(({ reason }) => reason === 'failed')
  const isPart = (isUnfinished: boolean) => moved.length > 0 || isUnfinished
  for (const { isUnfinished, finish } of entries)
    finish(!hasFailed ? 'done' : isPart(isUnfinished) ? 'unfinished' : 'again')
  return { moved, skipped: [...unread, ...skipped] }
}

/** Imports the sessions, and removes each from the old storage when the cache has it. */
async function importAll(
  sessions: readonly FoundSession[],
  entries: readonly OldEntries[],
  client: AuthClient,
): Promise<{ moved: MovedSession[]; skipped: SkippedEntry[] }> {
  const moved: MovedSession[] = []
  const skipped: SkippedEntry[] = []
  const done: FoundSession[] = []
  let storageError: AuthError | undefined
  client.on('storageDegraded', ({ cause }) => {
    const problem = 'The cache would lose the session, so the old entries stay.'
    storageError = new AuthError('storage_unavailable', problem, { cause })
  })
  if (sessions.length > 0) for (const entry of entries) entry.begin()
  for (const found of sessions) {
    const { key, session, wasActive, user } = found
    const activates = client.activeAccount === null
    try {
      const account = await client.importSession({ ...session, activates })
      if (storageError) throw storageError
      const accessTokens = session.accessTokens?.length ?? 0
      const hasRefreshToken = session.refreshToken !== undefined
      moved.push({ account, wasActive, accessTokens, hasRefreshToken, user })
      done.push(found)
    } catch (cause) {
      const error = cause as AuthError // Every rejection of a client is an `AuthError`.
      const isRefused = ['invalid_id_token', 'invalid_request'].includes(error.code)
      skipped.push({ key, reason: isRefused ? 'refused' : 'failed', error })
    }
  }
  for (const found of done) found.remove()
  return { moved, skipped }
}

/** Removes the sessions of accounts that are signed in with Carnet. Otherwise a later start would sign them in again. */
function dropHeld(sessions: readonly FoundSession[], client: AuthClient): SkippedEntry[] {
  for (const found of sessions)
    if (client.accounts.some((account) => isSameUser(found, account))) found.remove()
  return sessions.map(({ key }) => ({ key, reason: 'held' }))
}
