import { AuthError } from '../errors/errors.ts'
import type { TokenResponse } from '../protocol/token-response.ts'
import { accessTokenOf, refreshTokenOf } from '../protocol/token-response-records.ts'
import type { RecordStore } from '../records/record-store.ts'
import type { TokenCache } from '../tokens/token-cache.ts'
import type { TokenOwner, UserOwner } from '../tokens/token-owner.ts'
import { indicatorOf } from '../tokens/token-query.ts'
import type { AccessTokenRecord, TokenQuery } from '../tokens/token-record.ts'

/** Gets a token response from the provider: for client credentials, for an assertion, or for a refresh token. */
export type Redeem<Owner extends TokenOwner> = (query: TokenQuery<Owner>) => Promise<TokenResponse>

/**
 * Renews a token for an owner without an account. The caller holds the lock of the owner, as for `renew`.
 *
 * @param keepsRefreshToken True to store the refresh token. Default: only for a job that continues without its user
 * (`session`). Other owners redeem their credentials again, so a stored refresh token would be a needless secret.
 * @throws AuthError `invalid_response` if the token has another type than the query asks for.
 */
export async function renewForOwner<Owner extends Exclude<TokenOwner, UserOwner>>(
  query: TokenQuery<Owner>,
  redeem: Redeem<Owner>,
  { store, cache }: { readonly store: RecordStore; readonly cache: TokenCache },
  keepsRefreshToken = query.owner.type === 'session',
): Promise<AccessTokenRecord> {
  const grant = await redeem(query)
  const { tokenType = 'Bearer', owner, requestedScopes, grantKey } = query
  if (grant.tokenType !== tokenType)
    throw new AuthError('invalid_response', `The token is of the type ${grant.tokenType}.`)
  const access = accessTokenOf(grant, query, requestedScopes)
  const refresh = keepsRefreshToken
    ? refreshTokenOf(grant, owner, requestedScopes, indicatorOf(query), grantKey)
    : undefined
  await store.write([...cache.keep(access), ...cache.keep(refresh)])
  cache.forget(access.owner)
  return access
}
