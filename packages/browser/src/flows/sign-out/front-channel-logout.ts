import {
  accountDataTag,
  groupOf,
  parseAccountRecord,
  parseAccountRecordKey,
  type RecordStore,
  type StoredRecord,
  sessionTag,
  sidTag,
} from '@carnet/core'
import { openTabChannel } from '../../startup/tabs/channel.ts'
import type { EndedSession } from './ended-session.ts'

/** The cache to search for an ended session. */
export interface SessionSearch {
  readonly store: RecordStore
  readonly cacheName: string
  /** The partition of the client; `undefined` on a page without a client. */
  readonly partition?: string | undefined
}

/**
 * Removes the accounts of the session with their tokens, and notifies the tabs. Browsers give an iframe in another site its own
 * storage, so this works only if provider and app share a site.
 *
 * @returns True if there was such an account.
 */
export async function removeSession(
  session: EndedSession,
  search: SessionSearch,
): Promise<boolean> {
  const ended = await accountsOf(session, search)
  for (const key of ended) await removeAccount(key, search)
  return ended.length > 0
}

/**
 * The keys of the accounts. With `iss`, these are the accounts of the issuer in every partition: an issuer ends only its own
 * sessions. Without `iss`, these are the accounts of the client. On a page without a client, these are all accounts with the
 * `sid`, which cannot be guessed. But if they belong to several issuers, no account counts: one issuer must not end the
 * session of another.
 */
async function accountsOf(
  { iss, sid }: EndedSession,
  { store, partition }: SessionSearch,
): Promise<string[]> {
  if (iss !== undefined) {
    // A slash at the end of an issuer does not count.
    const names = [iss.replace(/\/$/, ''), iss.replace(/\/?$/, '/')]
    const found = await Promise.all(
      names.map((name) => store.find('accounts', sessionTag(name, sid))),
    )
    return found.flat().map(({ key }) => key)
  }
  const candidates = await store.find('accounts', partition ?? sidTag(sid))
  const matching = candidates.filter((record) => claimsOf(record)?.sid === sid)
  const issuers = new Set(matching.map(issuerOf))
  return partition === undefined && issuers.size > 1 ? [] : matching.map(({ key }) => key)
}

const claimsOf = ({ value }: StoredRecord) => parseAccountRecord(value)?.account.idTokenClaims

/** The provider of an account, by its partition: on Entra one partition covers all tenants, which have different issuers. */
const issuerOf = ({ key }: StoredRecord) =>
  parseAccountRecordKey(key)?.partition.split('+')[0] ?? key

async function removeAccount(key: string, { store, cacheName }: SessionSearch): Promise<void> {
  const name = parseAccountRecordKey(key)
  if (!name) return
  const { partition, account, refreshToken } = name
  await store.write([
    { type: 'delete', collection: 'accounts', key },
    { type: 'deleteTagged', collection: 'accounts', tag: accountDataTag(key) },
    { type: 'deleteTagged', collection: 'accessTokens', tag: key },
    { type: 'deleteTagged', collection: 'consents', tag: key },
    { type: 'delete', collection: 'refreshTokens', key: refreshToken },
    { type: 'deleteTagged', collection: 'refreshTokens', tag: refreshToken },
  ])
  // The page may have no client of the partition, and so no channel.
  const channel = openTabChannel(groupOf(cacheName, partition), () => undefined)
  channel.post({ type: 'accountsChanged', account })
  channel.close()
}
