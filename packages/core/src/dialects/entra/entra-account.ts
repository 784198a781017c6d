import {
  type Account,
  type AccountRecord,
  type IdTokenClaims,
  withId,
} from '../../accounts/account.ts'
import { claimText, namesOf } from '../../accounts/account-claims.ts'
import { refreshTokenKey } from '../../accounts/refresh-token-key.ts'
import { preferredHost } from '../authority-profile.ts'
import { authorityName, isGuid, isTenantAlias } from './entra-authority.ts'

/**
 * Creates an account from the validated claims of an ID token of Entra.
 *
 * @param homeAccountId The id of the home account, from `client_info`. Default: the `sub`.
 */
export const entraAccountFromClaims = (
  claims: IdTokenClaims,
  authority: string,
  homeAccountId: string | undefined,
): Account =>
  withId({
    homeAccountId: homeAccountId ?? claims.sub,
    environment: environmentOfCloud(authority),
    tenantId: claimText(claims, 'tid') ?? '',
    localAccountId: claimText(claims, 'oid') ?? claims.sub,
    ...namesOf(claims),
    idTokenClaims: Object.freeze(claims),
  })

const environmentOfCloud = (authority: string) => preferredHost(new URL(authority).host)

/** True for an authority of the cloud that signed the account in. */
export const isOfCloud = (authority: string, { environment }: Pick<Account, 'environment'>) =>
  environment === environmentOfCloud(authority)

/** The account of the same user in the tenant of `authority`, if the user is signed in to that tenant. */
export function accountInTenant(
  account: Account,
  authority: string,
  records: Iterable<AccountRecord>,
): Account | undefined {
  if (!isOfCloud(authority, account)) return undefined
  const name = authorityName(authority)
  if (isTenantAlias(name)) return account
  const isThere = ({ account: other, authority: own }: AccountRecord) =>
    refreshTokenKey(other) === refreshTokenKey(account) &&
    (other.tenantId.toLowerCase() === name || authorityName(own) === name)
  return [...records].find(isThere)?.account
}

/** The authority of the account's own tenant, if the account signed in through an alias such as `common`. */
export function ownTenant({ account, authority }: AccountRecord): string | undefined {
  const { tenantId } = account
  const isOpen = isGuid(tenantId) && isTenantAlias(authorityName(authority))
  return isOpen ? `${new URL(authority).origin}/${tenantId}` : undefined
}
