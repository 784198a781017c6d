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
  { texts, scopes, dialect }: Pick<TokenQuery, 'texts' | 'scopes' | 'dialect'>,
): ScopeValues =>
  declined
    ? dialect.missingScopes(texts, difference(scopes, declined))
    : dialect.declinedScopes(texts, grantedScopes, sentScopes)
