import { union } from '../scopes/scope-values.ts'
import { type AccessTokenRecord, shelfOf } from './token-record.ts'

/** The key under which a token is stored: the same question asked again replaces the older answer. */
export const accessTokenKey = ({
  account,
  resource,
  tokenType,
  parametersKey,
  requestedScopes,
}: AccessTokenRecord): string =>
  `${shelfOf(account, resource, tokenType, parametersKey)}|${requestedScopes.join(' ')}`

/**
 * The tags by which a token is found: one for each scope that it was asked for or granted, and one for those who
 * ask for no scope of an API, whom every token answers.
 */
export function accessTokenTags(record: AccessTokenRecord): string[] {
  const { account, resource, tokenType, parametersKey, requestedScopes, grantedScopes } = record
  const shelf = shelfOf(account, resource, tokenType, parametersKey)
  return ['', ...union(requestedScopes, grantedScopes)].map((scope) => `${shelf}|${scope}`)
}
