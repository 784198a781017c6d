import {
  groupOf,
  parseAccountRecord,
  parseAccountRecordKey,
  type RecordStore,
  type StoredRecord,
  sessionTag,
  sidTag,
} from '@carnet/core'
import { openTabChannel } from '../../startup/channel.ts'
import type { EndedSession } from './ended-session.ts'

/** The cache in which an ended session is looked for. */
export interface SessionSearch {
  readonly store: RecordStore
  readonly cacheName: string
  /** Of the client that looks; a bare page has none. */
  readonly partition?: string | undefined
}

/**
 * Removes the accounts that the session signed in, with their tokens, and tells the tabs. Browsers give a frame within
 * another site a storage of its own: there is nothing to find there unless provider and app share a site.
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
 * The keys of the accounts. With `iss`, they are those of that issuer, in every partition: an issuer ends only its own
 * sessions. Without, they are those of the client that looks. On a page without a client they are all that have the
 * `sid`, which is unguessable, but none if these are of several issuers: one issuer must not end the session of another.
 */
async function accountsOf(
  { iss, sid }: EndedSession,
  { store, partition }: SessionSearch,
): Promise<string[]> {
  if (iss !== undefined) {
    // As elsewhere, one slash at the end of an issuer does not count.
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

/** At Entra a partition covers all tenants, which have issuers of their own: the partition names its provider. */
const issuerOf = ({ key }: StoredRecord) =>
  parseAccountRecordKey(key)?.partition.split('+')[0] ?? key

async function removeAccount(key: string, { store, cacheName }: SessionSearch): Promise<void> {
  const name = parseAccountRecordKey(key)
  if (!name) return
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
