import { difference, type ScopeValues } from '../scopes/scope-values.ts'
import type { AccessTokenRecord, TokenQuery } from './token-record.ts'

/** The scopes of a query that the user declined, in the caller's spelling. */
export const declinedOf = (
  {
    grantedScopes,
    requestedScopes: requested,
    sentScopes = requested,
    declinedScopes: declined,
  }: AccessTokenRecord,
  {
    requestedScopes,
    scopeKeys,
    dialect,
  }: Pick<TokenQuery, 'requestedScopes' | 'scopeKeys' | 'dialect'>,
): ScopeValues =>
  declined
    ? dialect.missingScopes(requestedScopes, difference(scopeKeys, declined))
    : dialect.declinedScopes(requestedScopes, grantedScopes, sentScopes)
