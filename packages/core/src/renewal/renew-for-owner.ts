import { AuthError } from '../errors/errors.ts'
import { accessTokenOf, refreshTokenOf } from '../protocol/grant-records.ts'
import type { TokenGrant } from '../protocol/token-grant.ts'
import type { RecordStore } from '../records/record-store.ts'
import type { TokenCache } from '../tokens/token-cache.ts'
import type { TokenOwner, UserOwner } from '../tokens/token-owner.ts'
import { indicatorOf } from '../tokens/token-query.ts'
import type { AccessTokenRecord, TokenQuery } from '../tokens/token-record.ts'

/** Gets a grant from the provider: for the credentials of the app, for an assertion, or for a refresh token. */
export type Redeem<Owner extends TokenOwner> = (query: TokenQuery<Owner>) => Promise<TokenGrant>

/**
 * The renewal for owners without an account. Called under the lock of the owner, as `renew` is for a user.
 *
 * @param keepsRefreshToken True for a job that outlives its user. Other owners redeem again what they redeemed before, and
 * a refresh token that nobody needs is a secret too many.
 */
export async function renewForOwner<Owner extends Exclude<TokenOwner, UserOwner>>(
  query: TokenQuery<Owner>,
  redeem: Redeem<Owner>,
  { store, cache }: { readonly store: RecordStore; readonly cache: TokenCache },
  keepsRefreshToken = query.owner.type === 'session',
): Promise<AccessTokenRecord> {
  const grant = await redeem(query)
  const { tokenType = 'Bearer', owner, texts, grantKey } = query
  if (grant.tokenType !== tokenType)
    throw new AuthError('invalid_response', `The token is of the type ${grant.tokenType}.`)
  const access = accessTokenOf(grant, query, texts)
  const refresh = keepsRefreshToken
    ? refreshTokenOf(grant, owner, texts, indicatorOf(query), grantKey)
    : undefined
  await store.write([...cache.keep(access), ...cache.keep(refresh)])
  cache.forget(access.owner)
  return access
}
