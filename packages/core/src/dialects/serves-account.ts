import type { Account } from '../accounts/account.ts'
import { environmentOf } from '../accounts/account-claims.ts'
import { type AuthorityProfile, preferredHost } from './authority-profile.ts'

/**
 * True if an authority may see the tokens of an account: the issuer that signed the account in, or on Entra any tenant of
 * the same cloud.
 */
export const servesAccount = (
  authority: string,
  { environment }: Pick<Account, 'environment'>,
  profile: AuthorityProfile,
): boolean =>
  environment ===
  (profile === 'entra' ? preferredHost(new URL(authority).host) : environmentOf(authority))
