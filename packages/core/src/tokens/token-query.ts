import type { Account } from '../accounts/account.ts'
import type { AuthorityProfile } from '../dialects/authority-profile.ts'
import { readTokenScopes } from '../dialects/token-scopes.ts'
import type { ParameterKeys, RequestParameters } from '../parameters/request-parameters.ts'
import type { TokenQuery } from './token-record.ts'

/** The optional fields of a `TokenQuery`. */
export interface TokenQueryDetails extends ParameterKeys {
  readonly profile?: AuthorityProfile
  readonly resource?: string | undefined
  readonly authority?: string | undefined
  readonly claims?: string | undefined
  readonly insists?: boolean | undefined
  readonly parameters?: RequestParameters | undefined
  readonly maxAgeMs?: number | undefined
}

/**
 * Creates a query from the scopes of a caller.
 *
 * @throws AuthError `invalid_request` for scopes that no single token can have.
 */
export function toTokenQuery(
  account: Account,
  asked: Iterable<string>,
  { profile = 'oidc', resource: indicator, ...how }: TokenQueryDetails = {},
): TokenQuery {
  const { resource, keys, texts } = readTokenScopes(asked, profile, indicator)
  return { owner: account, profile, resource, scopes: keys, texts, ...how }
}

/** The resource indicator to send (RFC 8707); `undefined` on Entra, where the scopes name the resource. */
export const indicatorOf = ({
  profile,
  resource,
}: Pick<TokenQuery, 'profile' | 'resource'>): string | undefined =>
  profile === 'oidc' && resource !== '' ? resource : undefined
