import { type AuthError, InteractionRequiredError, isAuthError, stopWaitingOn } from '@carnet/core'
import type { Http, MetadataSource, VerifyIdToken } from '@carnet/core/network'
import { type UserInfo, userInfo } from '@carnet/core/user-info'
import type { SilentRequest, UserInfoRequest } from '../api/requests.ts'
import type { AuthenticationResult } from '../api/result.ts'
import type { Context } from '../context/context.ts'
import type { Dpop } from '../dpop/dpop.ts'

/** The functions for a userinfo request. */
interface Requests {
  readonly http: Http
  readonly metadataOf: MetadataSource
  readonly verifyJwt: VerifyIdToken
}

/** Calls the userinfo endpoint with a token of the account. If it refuses the token, it calls once more with a new token. */
export async function askUserInfo(
  request: UserInfoRequest,
  {
    clientId,
    provider,
    dpop,
  }: { clientId: string; provider: Requests; dpop: Context['dpop'] | undefined },
  silent: (request: SilentRequest) => Promise<AuthenticationResult>,
): Promise<UserInfo> {
  const { account, signal, correlationId } = request
  const ask = async (forceRefresh: boolean): Promise<UserInfo> => {
    const scopes = ['openid']
    const result = await silent({ scopes, account, signal, correlationId, forceRefresh })
    const metadata = await provider.metadataOf(result.authority)
    const proven = dpop && (await dpop.get())
    const http: Http = async (url, init) => {
      const send = async () =>
        provider.http(url, { ...init, headers: await headersOf(proven, result, url, init.headers) })
      const answer = await send()
      const isNew = proven?.takeNonce(url, answer.headers)
      return isNew && answer.status === 401 ? send() : answer
    }
    const asking = userInfo(result.accessToken, result.idTokenClaims, {
      metadata,
      clientId,
      http,
      verifyJwt: provider.verifyJwt,
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

/** Adds a proof to the request, if the token is bound to a key. */
async function headersOf(
  dpop: Dpop | undefined,
  result: AuthenticationResult,
  url: string,
  others: HeadersInit = {},
): Promise<HeadersInit> {
  if (!dpop || result.tokenType !== 'DPoP') return others
  const headers = await dpop.authorize(result, { method: 'GET', url })
  if (headers !== 'lost') return { ...Object.fromEntries(new Headers(others)), ...headers }
  const { account, scopes } = result
  const message = 'The key of the access token is no longer in this browser.'
  throw new InteractionRequiredError('key_lost', message, { account, scopes })
}
