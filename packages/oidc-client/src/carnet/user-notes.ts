import type { Account, AuthClient } from '@carnet/browser'
import type { TokenTerms } from './sent-state.ts'

/** The data of a user that Carnet does not keep itself. It lies encrypted beside the account. */
export interface UserNote {
  /** The terms of the user's token, for the cache and for renewals. */
  readonly terms: TokenTerms
  readonly scope?: string | undefined
  readonly session_state?: string | null | undefined
  /** Claims that are not in the ID token. They end with the ID token, as the profile of `oidc-client-ts` does. */
  readonly claims?: object | undefined
  /** Seconds since the epoch. It tells the expiry of a token that was revoked. */
  readonly expires_at?: number | undefined
  /** The access token that the app has revoked: `oidc-client-ts` shows it until the next one. */
  readonly revoked_token?: string | undefined
}

const NAME = 'oidc-client'

/** Reads the note of an account. A value of an earlier version, or of another library, counts as none. */
export async function readNote(auth: AuthClient, account: Account): Promise<UserNote | undefined> {
  const value = (await auth.getAccountData(NAME, account)) as Partial<StoredNote> | undefined
  if (!Array.isArray(value?.terms?.scopes)) return undefined
  const { iat, ...note } = value as StoredNote
  return iat === issuedAt(account) ? note : { ...note, claims: undefined }
}

export const writeNote = (auth: AuthClient, account: Account, note: UserNote): Promise<void> =>
  auth.setAccountData(NAME, { ...note, iat: issuedAt(account) }, account)

/** A note, and the `iat` of the ID token that its claims belong to. */
type StoredNote = UserNote & { readonly iat?: unknown }

const issuedAt = ({ idTokenClaims }: Account): unknown => idTokenClaims.iat
