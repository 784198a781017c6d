/** Builds and parses the keys, tags and lock names of all stored state. Keys are in clear and hold no secret. */
import { escapeKey } from '../accounts/account.ts'
import { keyIn } from './partition.ts'

const joined = (...parts: readonly string[]): string => parts.join('|')

/**
 * The key of a refresh token. `account` is a `refreshTokenKey`; `resource` is the RFC 8707 indicator of its grant, and
 * `grantKey` the key of the request parameters that the grant is bound to.
 */
export const refreshTokenRecordKey = (
  partition: string,
  account: string,
  resource = '',
  grantKey?: string,
): string =>
  joined(
    partition,
    account,
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

/** The key of a pause. `scope` is the environment of a provider, or the `refreshTokenKey` of an account. */
export const pauseRecordKey = (partition: string, scope: string): string =>
  joined('pause', partition, scope)

/** The key of the count of failures at the token endpoint. `refreshToken` is a `refreshTokenRecordKey`. */
export const failureRecordKey = (refreshToken: string): string => joined('failures', refreshToken)

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
 * The name of the lock under which the refresh token of an account is redeemed; `group` comes of `groupOf`. Caches of
 * different names hold different tokens, so they do not wait for each other.
 */
export const refreshLockName = (group: string, account: string): string =>
  joined('carnet.refresh', group, account)

/** The parts of an account's record key; the same text is the tag of its tokens and consents. */
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
