import { declinedScopes } from '../dialects/declined-scopes.ts'
import { missingScopes } from '../dialects/missing-scopes.ts'
import { difference, type ScopeValues } from '../scopes/scope-values.ts'
import type { AccessTokenRecord, TokenQuery } from './token-record.ts'

/** The scopes of a query that the user declined, in the caller's spelling. */
export const declinedOf = (
  {
    grantedScopes,
    requestedScopes,
    sentScopes = requestedScopes,
    declinedScopes: declined,
  }: AccessTokenRecord,
  { texts, scopes, profile }: Pick<TokenQuery, 'texts' | 'scopes' | 'profile'>,
): ScopeValues =>
  declined
    ? missingScopes(texts, difference(scopes, declined), profile)
    : declinedScopes(texts, grantedScopes, sentScopes, profile)
