import type { Account, AuthError } from '@carnet/core'

/** The result of a migration. */
export interface MigrationReport {
  /** The sessions that are in the cache of Carnet now. Their old entries are removed. */
  readonly moved: readonly MovedSession[]
  /** The old entries that were not moved, with the reason. */
  readonly skipped: readonly SkippedEntry[]
}

/** A session that was moved. */
export interface MovedSession {
  readonly account: Account
  /** True if the earlier library had made the account active. */
  readonly wasActive: boolean
  /** The number of access tokens that were moved. */
  readonly accessTokens: number
  /** True if a refresh token was moved. */
  readonly hasRefreshToken: boolean
  /** Only from `oidc-client-ts`: the members of its `User` that Carnet does not keep. */
  readonly user?: EarlierUser | undefined
}

/** Members of the `User` of `oidc-client-ts`. */
export interface EarlierUser {
  /** The claims of the ID token, without protocol claims, and with the answer of the userinfo endpoint if the app loaded it. */
  readonly profile: Readonly<Record<string, unknown>>
  readonly sessionState: string | undefined
  readonly scope: string | undefined
}

/** An old entry that was not moved. */
export interface SkippedEntry {
  /** The key of the entry in web storage. */
  readonly key: string
  readonly reason: SkipReason
  /** Only for `refused` and `failed`. */
  readonly error?: AuthError | undefined
}

/**
 * - `unreadable`: no JSON of the expected form, or too long. It is removed.
 * - `key_missing`: encrypted, and the cookie with the key has ended with the browser session. It is removed.
 * - `no_account`: the earlier library does not list the account, so the user is signed out.
 * - `no_id_token`: Carnet needs an ID token.
 * - `other_provider`: of another provider than the `authority`. It stays.
 * - `expired`: an access token with less than a minute left, or a refresh token that has expired.
 * - `bound`: bound to a key of the earlier library (DPoP, PoP, SSH).
 * - `claims_answer`: an access token that answers a claims request.
 * - `held`: an account is signed in with Carnet already. An entry of the same account is removed.
 * - `refused`: the ID token does not belong to this client or to its authority. It stays; see `error`.
 * - `failed`: for example, the provider could not be reached. It stays, and the next call tries again; see `error`.
 */
export type SkipReason =
  | 'unreadable'
  | 'key_missing'
  | 'no_account'
  | 'no_id_token'
  | 'other_provider'
  | 'expired'
  | 'bound'
  | 'claims_answer'
  | 'held'
  | 'refused'
  | 'failed'
