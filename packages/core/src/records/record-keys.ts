/** Builds and parses the keys, tags and lock names of all stored state. Keys are in clear and hold no secret. */
import { escapeKey } from '../accounts/account.ts'
import { union } from '../scopes/union.ts'
import type { AccessTokenRecord } from '../tokens/token-record.ts'
import { keyIn, shelfKey } from './shelf-keys.ts'

const joined = (...parts: readonly string[]): string => parts.join('|')

/** The key under which an access token is stored: the answer to the same query asked again replaces the older one. */
export const accessTokenRecordKey = (partition: string, record: AccessTokenRecord): string =>
  joined(partition, shelfKey(record), record.requestedScopes.join(' '))

/**
 * The tags by which an access token is found: one for each scope that it was asked for or granted, one for queries that
 * name no scope of an API, which every token answers, and one for its owner.
 */
export const accessTokenTags = (partition: string, record: AccessTokenRecord): string[] => [
  ...['', ...union(record.requestedScopes, record.grantedScopes)].map((scope) =>
    joined(partition, shelfKey(record), scope),
  ),
  ownerTag(partition, record.owner),
]

/** The tag of all access tokens of an owner. `owner` is its `id`. */
export const ownerTag = (partition: string, owner: string): string => keyIn(partition, owner)

/** The key of an account's record, by its `accountKey`; the same text is the tag of its tokens and consents. */
export const accountRecordKey = (partition: string, account: string): string =>
  keyIn(partition, account)

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

/** The key of what an account was asked to consent to. `authority` is set for a tenant that does not know the account. */
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

/** The `+` stands in no encoded part before it. */
const ofGrant = (grantKey: string | undefined) => (grantKey ? [`+${grantKey}`] : [])

/** The key of a pending authorization request. */
export const transactionRecordKey = (partition: string, state: string): string =>
  keyIn(partition, state)

/** The key of a pause. `scope` is the environment of a provider, or a `grantOwnerKey`. */
export const pauseRecordKey = (partition: string, scope: string): string =>
  joined('pause', partition, scope)

/** The key of the count of failures at the token endpoint. `refreshToken` is a `refreshTokenRecordKey`. */
export const failureRecordKey = (refreshToken: string): string => joined('failures', refreshToken)

/** The key of a discovery document. All partitions share it. */
export const metadataRecordKey = (authority: string): string => joined('provider', authority)

/** The key of a lease: the lock of that name, in browsers without Web Locks. */
export const leaseRecordKey = (lock: string): string => joined('lease', lock)

/** The key of what is known about hidden frames at an authority. */
export const frameRecordKey = (partition: string, authority: string): string =>
  joined('frame', partition, authority)

/** The key of the scopes that an authority refuses to the client. */
export const refusedScopesRecordKey = (partition: string, authority: string): string =>
  joined('refused', partition, authority)

/** The tag of all accounts that one session of a provider signed in, in every partition of that provider. */
export const sessionTag = (iss: string, sid: string): string =>
  joined('session', escapeKey(iss), escapeKey(sid))

/**
 * The tag of all accounts with a session id, whatever their provider. Providers that end a session by `sid` alone are
 * answered by it where no client is at hand.
 */
export const sidTag = (sid: string): string => joined('sid', escapeKey(sid))

/**
 * The name of the lock under which tokens of an owner are renewed, by its `grantOwnerKey`; `group` comes of `groupOf`. Caches of
 * different names hold different tokens, so they do not wait for each other.
 */
export const refreshLockName = (group: string, owner: string): string =>
  joined('carnet.refresh', group, owner)

/** The lock under which early versions redeem the refresh token of a home account. */
export const legacyRefreshLockName = (clientId: string, account: string): string =>
  joined('carnet.refresh', clientId, account)

/** The parts of an account's record key. */
export interface AccountRecordName {
  readonly partition: string
  /** `accountKey` of the account. */
  readonly account: string
  /** The record key of its refresh token: of the home account, whatever the tenant. */
  readonly refreshToken: string
}

/** Takes the record key of an account apart; `undefined` for any other key. */
export function parseAccountRecordKey(key: string): AccountRecordName | undefined {
  const [partition = '', ...ids] = key.split('|')
  const [environment = '', homeAccountId = ''] = ids
  if (ids.length !== 3) return undefined
  const home = joined(environment, homeAccountId, '')
  return { partition, account: ids.join('|'), refreshToken: refreshTokenRecordKey(partition, home) }
}
