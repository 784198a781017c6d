import type { Account } from '../accounts/account.ts'
import { environmentOf } from '../accounts/account-claims.ts'
import { type AuthorityProfile, preferredHost } from './authority-profile.ts'

/**
 * Whether an authority may see the tokens of an account: it is the issuer that signed the account in, or on
 * Entra a tenant of the same cloud. To any other one they are secrets of somebody else.
 */
export const servesAccount = (
  authority: string,
  { environment }: Pick<Account, 'environment'>,
  profile: AuthorityProfile,
): boolean =>
  environment ===
  (profile === 'entra' ? preferredHost(new URL(authority).host) : environmentOf(authority))
