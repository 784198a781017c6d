import { oidcDialect } from '../dialects/oidc/oidc-dialect.ts'
import type { ProviderDialect } from '../dialects/provider-dialect.ts'
import type { ParameterKeys, RequestParameters } from '../parameters/request-parameters.ts'
import type { TokenOwner } from './token-owner.ts'
import type { AskedType, TokenQuery } from './token-record.ts'

/** The optional fields of a `TokenQuery`. */
export interface TokenQueryDetails extends ParameterKeys {
  /** Default plain OpenID Connect. */
  readonly dialect?: ProviderDialect
  readonly tokenType?: AskedType | undefined
  readonly resource?: string | undefined
  readonly authority?: string | undefined
  readonly claims?: string | undefined
  readonly forceRefresh?: boolean | undefined
  readonly parameters?: RequestParameters | undefined
  readonly maxAgeMs?: number | undefined
}

/**
 * Creates a query from the scopes of a caller.
 *
 * @throws AuthError `invalid_request` for scopes that no single token can have.
 */
export function toTokenQuery<Owner extends TokenOwner>(
  owner: Owner,
  asked: Iterable<string>,
  { dialect = oidcDialect, resource: indicator, ...how }: TokenQueryDetails = {},
): TokenQuery<Owner> {
  const { resource, keys, requestedScopes } = dialect.readScopes(asked, indicator)
  return { owner, dialect, resource, scopeKeys: keys, requestedScopes, ...how }
}

/** The resource that a request for this query names beside its scopes (RFC 8707). */
export const indicatorOf = ({
  dialect,
  resource,
}: Pick<TokenQuery, 'dialect' | 'resource'>): string | undefined => dialect.indicatorOf(resource)
