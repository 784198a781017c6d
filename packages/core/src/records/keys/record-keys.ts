/** The keys and tags of records that a page needs after its first token, and the locks that are named after a key. */
import { escapeKey } from '../../encoding/escape-key.ts'
import { keyIn, keyOfTokenSet, type TokenSet } from './first-keys.ts'
import { homeKeyIn } from './home-key.ts'

/** The part of an access token that its key and tags are built from. */
interface AccessTokenKeyParts extends TokenSet {
  readonly jkt?: string | undefined
  readonly requestedScopes: readonly string[]
  readonly grantedScopes: readonly string[]
}

const joined = (...parts: readonly string[]): string => parts.join('|')

/** The key of an access token: a new token for the same query replaces the older token. */
export const accessTokenRecordKey = (partition: string, record: AccessTokenKeyParts): string =>
  joined(partition, keyOfTokenSet(record), record.requestedScopes.join(' '))

/**
 * The tags of an access token: one for each requested or granted scope, one without a scope, and one for its owner. The
 * tag without a scope serves queries that name no scope of an API.
 */
export const accessTokenTags = (partition: string, record: AccessTokenKeyParts): string[] => [
  ...[...new Set(['', ...record.requestedScopes, ...record.grantedScopes])]
    .sort()
    .map((scope) => joined(partition, keyOfTokenSet(record), scope)),
  ownerTag(partition, record.owner),
  ...(record.jkt === undefined ? [] : [keyTag(partition, record.jkt)]),
]

/** The tag of all tokens that are bound to a key (RFC 9449). `jkt` is its thumbprint. No owner has this id. */
export const keyTag = (partition: string, jkt: string): string => joined(partition, '%key', jkt)

/** The tag of all access tokens of an owner. `owner` is its `id`. */
export const ownerTag = (partition: string, owner: string): string => keyIn(partition, owner)

/** The key of an account's record, by its `accountKey`; the same text is the tag of its tokens and consents. */
export const accountRecordKey = (partition: string, account: string): string =>
  keyIn(partition, account)

/** The tag of all data that the app keeps beside an account. `account` is the `accountRecordKey`. */
export const accountDataTag = (account: string): string => joined(account, 'data')

/** The key of a named piece of data that the app keeps beside an account. `account` is the `accountRecordKey`. */
export const accountDataKey = (account: string, name: string): string =>
  joined(accountDataTag(account), encodeURIComponent(name))

/**
 * The key of a refresh token. `owner` is a `grantOwnerKey`; `resource` is the RFC 8707 indicator of its grant, and
 * `grantKey` the key of the request parameters that the grant is bound to.
 */
export const refreshTokenRecordKey = (
  partition: string,
  owner: string,
  resource = '',
  grantKey?: string,
): string =>
  joined(
    partition,
    owner,
    ...(resource === '' && !grantKey ? [] : [encodeURIComponent(resource)]),
    ...ofGrant(grantKey),
  )

/** The key of the consents of an account. `authority` is set for a tenant that the account is not signed in to. */
export const consentRecordKey = (
  partition: string,
  account: string,
  resource: string,
  authority?: string,
  grantKey?: string,
): string =>
  joined(
    partition,
    account,
    ...[resource, authority ?? []].flat().map(encodeURIComponent),
    ...ofGrant(grantKey),
  )

/** No encoded part before the `+` contains a `+`. */
const ofGrant = (grantKey: string | undefined) => (grantKey ? [`+${grantKey}`] : [])

/** The key of a pending authorization request. */
export const transactionRecordKey = (partition: string, state: string): string =>
  keyIn(partition, state)

/** The key of a redemption in the journal. `digest` is computed from the partition and the redeemed credential. */
export const journalRecordKey = (partition: string, digest: string): string =>
  joined(partition, 'journal', digest)

/** The key of the record that says that the answer for an authorization code was stored. `journal` is a `journalRecordKey`. */
export const redeemedRecordKey = (journal: string): string => joined('redeemed', journal)

/** The key of a pause. `scope` is the environment of a provider, or a `grantOwnerKey`. */
export const pauseRecordKey = (partition: string, scope: string): string =>
  joined('pause', partition, scope)

/** The key of the count of failures at the token endpoint. `refreshToken` is a `refreshTokenRecordKey`. */
export const failureRecordKey = (refreshToken: string): string => joined('failures', refreshToken)

/** The key of the last nonce of an authorization server (RFC 9449 section 8). */
export const nonceRecordKey = (partition: string, origin: string): string =>
  joined('nonce', partition, origin)

/** The key of a discovery document. All partitions share it. */
export const metadataRecordKey = (authority: string): string => joined('provider', authority)

/** The key of a lease: the lock of that name, in browsers without Web Locks. */
export const leaseRecordKey = (lock: string): string => joined('lease', lock)

/**
 * The key of the record that says whether hidden iframes work at an authority. It is also the name of an entry in
 * `sessionStorage`, which says that the authority gets no cookies in iframes.
 */
export const frameRecordKey = (partition: string, authority: string): string =>
  joined('frame', partition, authority)

/** The key of the list of scopes that an authority refuses to the client. */
export const refusedScopesRecordKey = (partition: string, authority: string): string =>
  joined('refused', partition, authority)

/** The tag of all accounts that one session of a provider signed in, in every partition of that provider. */
export const sessionTag = (iss: string, sid: string): string =>
  joined('session', escapeKey(iss), escapeKey(sid))

/**
 * The tag of all accounts with a session id, at any provider. A logout by `sid` alone needs it if no client is open.
 */
export const sidTag = (sid: string): string => joined('sid', escapeKey(sid))

/**
 * The name of the lock for renewals of an owner. `group` is the result of `groupOf`, and `owner` is a `grantOwnerKey`.
 * Caches with different names hold different tokens, so they do not wait for each other.
 */
export const refreshLockName = (group: string, owner: string): string =>
  joined('carnet.refresh', group, owner)

/** The lock that early versions hold while they redeem the refresh token of a home account. */
export const legacyRefreshLockName = (clientId: string, account: string): string =>
  joined('carnet.refresh', clientId, account)

/**
 * The id of an owner without an account. It starts with `%` and a word. No `accountKey` starts this way, because `25` or
 * `7C` follows each `%` there.
 */
export const otherOwnerId = (type: string, ...ids: readonly string[]): string =>
  joined(`%${type}`, ...ids.map(escapeKey))

/** The key or tag of a record that moves to another partition. A text of any third partition stays. */
export const rekeyed = (text: string, from: string, to: string): string =>
  text === from || text.startsWith(keyIn(from, '')) ? to + text.slice(from.length) : text

/** The parts of an account's record key. */
export interface AccountRecordName {
  readonly partition: string
  /** `accountKey` of the account. */
  readonly account: string
  /** The record key of the refresh token of the home account, which serves all tenants. */
  readonly refreshToken: string
}

/** Parses the record key of an account; `undefined` for any other key. */
export function parseAccountRecordKey(key: string): AccountRecordName | undefined {
  const [partition = '', ...ids] = key.split('|')
  if (ids.length !== 3) return undefined
  const account = joined(...ids)
  const refreshToken = refreshTokenRecordKey(partition, homeKeyIn(account))
  return { partition, account, refreshToken }
}
