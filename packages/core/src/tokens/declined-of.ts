import { declinedScopes } from '../scopes/declined-scopes.ts'
import type { ScopeValues } from '../scopes/scope-values.ts'
import type { AccessTokenRecord, TokenQuery } from './token-record.ts'

/** Which of the scopes that a question names the token is not for, in the caller's spelling. */
export const declinedOf = (
  { grantedScopes, requestedScopes, sentScopes = requestedScopes }: AccessTokenRecord,
  { texts, profile }: Pick<TokenQuery, 'texts' | 'profile'>,
): ScopeValues => declinedScopes(texts, grantedScopes, sentScopes, profile)
