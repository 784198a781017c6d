import type { IdTokenClaims } from '../accounts/account.ts'
import { difference, resourceScopes, type ScopeValues } from './scope-values.ts'
import { union } from './union.ts'

/** The claims that each scope requests (OpenID Connect Core section 5.4). */
const CLAIMS_OF = {
  profile:
    'name family_name given_name middle_name nickname preferred_username profile picture website gender birthdate zoneinfo locale updated_at',
  email: 'email email_verified',
  address: 'address',
  phone: 'phone_number phone_number_verified',
}

/** The parts of a token response that show which OpenID Connect scopes were granted. */
export interface GrantEvidence {
  readonly grantedScopes: ScopeValues
  readonly idTokenClaims: IdTokenClaims | undefined
  readonly refreshToken: string | undefined
}

/**
 * False if a token response has an ID token, but does not list `openid`. Such a response omits scopes that it granted, so a
 * missing scope proves nothing. (OpenID Connect Core section 3.1.2.1: without `openid` there is no ID token.)
 */
export const listsAllThatItGranted = ({
  grantedScopes,
  idTokenClaims,
}: Pick<GrantEvidence, 'grantedScopes' | 'idTokenClaims'>): boolean =>
  idTokenClaims === undefined || grantedScopes.includes('openid')

/**
 * The OpenID Connect scopes of a grant: the scopes that the response lists, and the scopes of `sent` that its tokens prove.
 * Many providers list only the scopes of an API, or omit `offline_access`.
 */
export function grantedOidcScopes(
  { grantedScopes, idTokenClaims, refreshToken }: GrantEvidence,
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
