import { type AuthError, isAuthError, stopWaitingOn } from '@carnet/core'
import type { Http, MetadataSource, VerifyIdToken } from '@carnet/core/network'
import { type UserInfo, userInfo } from '@carnet/core/user-info'
import type { SilentRequest, UserInfoRequest } from '../api/requests.ts'
import type { AuthenticationResult } from '../api/result.ts'

/** The functions for a userinfo request. */
interface Requests {
  readonly http: Http
  readonly metadataOf: MetadataSource
  readonly verifyJwt: VerifyIdToken
  /** The headers for an API with the token of a result; `undefined` for a bearer token. */
  readonly authorize: (
    result: AuthenticationResult,
    method: string,
    url: string | undefined,
  ) => Promise<Readonly<Record<string, string>> | undefined>
}

/** Calls the userinfo endpoint with a token of the account. If it refuses the token, it calls once more with a new token. */
export async function askUserInfo(
  request: UserInfoRequest,
  { clientId, provider }: { clientId: string; provider: Requests },
  silent: (request: SilentRequest) => Promise<AuthenticationResult>,
): Promise<UserInfo> {
  const { account, signal, correlationId } = request
  const ask = async (forceRefresh: boolean): Promise<UserInfo> => {
    const scopes = ['openid']
    const result = await silent({ scopes, account, signal, correlationId, forceRefresh })
    const metadata = await provider.metadataOf(result.authority)
    const authorization = await provider.authorize(result, 'GET', metadata.userinfo_endpoint)
    const asking = userInfo(result.accessToken, result.idTokenClaims, {
      metadata,
      clientId,
      http: provider.http,
      verifyJwt: provider.verifyJwt,
      authorization,
    })
    return stopWaitingOn(signal, asking).catch((error: AuthError) => {
      error.correlationId ??= result.correlationId
      throw error
    })
  }
  try {
    return await ask(false)
  } catch (error) {
    if (!isAuthError(error, 'userinfo_failed') || error.oauth?.error !== 'invalid_token')
      throw error
    return ask(true)
  }
}
