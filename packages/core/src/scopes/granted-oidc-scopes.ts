import type { IdTokenClaims } from '../accounts/account.ts'
import { difference, resourceScopes, type ScopeValues } from './scope-values.ts'
import { union } from './union.ts'

/** The claims that each scope asks for (OpenID Connect Core section 5.4). */
const CLAIMS_OF = {
  profile:
    'name family_name given_name middle_name nickname preferred_username profile picture website gender birthdate zoneinfo locale updated_at',
  email: 'email email_verified',
  address: 'address',
  phone: 'phone_number phone_number_verified',
}

/** The parts of a token response that show which scopes of OpenID Connect were granted. */
interface Evidence {
  readonly grantedScopes: ScopeValues
  readonly idTokenClaims: IdTokenClaims | undefined
  readonly refreshToken: string | undefined
}

/**
 * False for an answer that brought an ID token and does not list `openid`: it omits scopes that it granted, and says
 * nothing of a scope by leaving it out (OpenID Connect Core section 3.1.2.1: without `openid` there is no ID token).
 */
export const listsAllThatItGranted = ({
  grantedScopes,
  idTokenClaims,
}: Pick<Evidence, 'grantedScopes' | 'idTokenClaims'>): boolean =>
  idTokenClaims === undefined || grantedScopes.includes('openid')

/**
 * The scopes of OpenID Connect that a grant covers: those that the answer lists, and those of `sent` that it omits but
 * has obviously granted. Many providers list only the scopes of an API, or omit `offline_access`.
 */
export function grantedOidcScopes(
  { grantedScopes, idTokenClaims, refreshToken }: Evidence,
  sent: ScopeValues,
): ScopeValues {
  const shown = Object.entries(CLAIMS_OF)
    .filter(([, claims]) => claims.split(' ').some((name) => idTokenClaims?.[name] !== undefined))
    .map(([scope]) => scope)
  if (idTokenClaims) shown.push('openid')
  if (refreshToken !== undefined) shown.push('offline_access')
  const obvious = sent.filter((scope) => shown.includes(scope))
  return union(difference(grantedScopes, resourceScopes(grantedScopes)), obvious)
}
