import { AuthError, accountFromClaims, accountKey, toTokenQuery } from '@carnet/core'
import {
  accessTokenOf,
  type Http,
  type MetadataSource,
  redeemCode,
  refreshTokenOf,
  type TokenGrant,
} from '@carnet/core/network'
import { type AuthenticationResult, toResult } from '../result.ts'
import type { Runtime } from '../runtime.ts'
import type { Transaction } from './transactions.ts'

/** Redeems the code of a response, keeps what comes, and makes its account the active one. */
export async function completeAuthorization(
  response: URLSearchParams,
  transaction: Transaction,
  runtime: Runtime,
  { metadataOf, http }: { metadataOf: MetadataSource; http: Http },
): Promise<AuthenticationResult> {
  const { config, platform } = runtime
  try {
    const metadata = await metadataOf(transaction.authority)
    const grant = await redeemCode(response, transaction, {
      metadata,
      clientId: config.clientId,
      http,
      now: platform.now,
    })
    platform.log('info', `The code was redeemed (${transaction.correlationId}).`)
    return await keep(grant, transaction, runtime)
  } catch (error) {
    if (error instanceof AuthError) error.correlationId ??= transaction.correlationId
    throw error
  }
}

async function keep(
  grant: TokenGrant,
  { authority, scopes, tokenScopes, resource, correlationId, appState }: Transaction,
  { store, accounts, cache, announce }: Runtime,
): Promise<AuthenticationResult> {
  const { idToken, idTokenClaims } = grant
  if (idToken === undefined || !idTokenClaims)
    throw new AuthError('invalid_id_token', 'The provider sent no ID token.')

  const account = accountFromClaims(idTokenClaims)
  const owner = { account, idToken, authority }
  const query = toTokenQuery(account, tokenScopes, resource)
  const access = accessTokenOf(grant, query)
  const key = accountKey(account)
  const isNew = !accounts.byKey(key)
  await store.write([
    ...accounts.put(owner),
    ...accounts.activate(account),
    ...cache.keep(access),
    ...cache.keep(refreshTokenOf(grant, key, scopes)),
  ])
  cache.forget(key)
  if (isNew) announce.accountAdded(account)
  announce.activeAccountChanged(account)
  announce.tokens(account, access, 'interaction')
  return toResult(access, owner, query.scopes, { fromCache: false, correlationId, state: appState })
}
