import * as oauth from 'oauth4webapi'
import { AuthError } from '../errors/errors.ts'
import { forTokenRequest, type RequestParameters } from '../parameters/request-parameters.ts'
import { covers, type ScopeValues } from '../scopes/scope-values.ts'
import { oauthClient, oauthServer, type ProtocolDeps, present, viaHttp } from './deps.ts'
import { requestTokens, type TokenResponse } from './token-response.ts'

/** The fields of a refresh token request. */
export interface RefreshRequest {
  readonly refreshToken: string
  /** The scopes to send; `undefined` requests the whole grant (RFC 6749 section 6). */
  readonly scopes: ScopeValues | undefined
  /** The granted scopes if the response has no `scope`. */
  readonly assumedScopes: ScopeValues
  /** RFC 8707 resource indicator. */
  readonly resource: string | undefined
  /** A claims request that the token must answer. */
  readonly claims: string | undefined
  /** The request parameters that the token must answer. */
  readonly parameters?: RequestParameters | undefined
  /** The home account of the token, for Entra's routing hint. */
  readonly homeAccountId: string
}

/**
 * Redeems a refresh token for a part of its grant. Some servers refuse the `scope` parameter with `invalid_scope`: then a
 * second request omits the parameter and gets the whole grant.
 *
 * @param grantedScopes All scopes of the grant.
 * @param onRefused Receives the fields of a token response that fails its checks, before the error is thrown.
 */
export async function refreshPart(
  request: RefreshRequest,
  grantedScopes: ScopeValues,
  deps: ProtocolDeps,
  onRefused: (answer: Readonly<Record<string, unknown>>) => Promise<void>,
): Promise<TokenResponse> {
  try {
    return await refresh(request, deps, onRefused)
  } catch (error) {
    const isRefused = error instanceof AuthError && error.oauth?.error === 'invalid_scope'
    const isPart = request.scopes !== undefined && covers(grantedScopes, request.scopes)
    if (!isRefused || !isPart || deps.dialect.refreshWidensGrant) throw error
    const whole = { ...request, scopes: undefined, assumedScopes: grantedScopes }
    return refresh(whole, deps, onRefused)
  }
}

/** Redeems a refresh token (RFC 6749 section 6). The server may rotate it (RFC 9700 section 4.14.2). */
export function refresh(
  request: RefreshRequest,
  deps: ProtocolDeps,
  onRefused: (answer: Readonly<Record<string, unknown>>) => Promise<void>,
): Promise<TokenResponse> {
  const { http } = deps
  const server = oauthServer(deps)
  const client = oauthClient(deps)
  const additionalParameters: Record<string, string> = { ...forTokenRequest(request.parameters) }
  if (request.scopes) additionalParameters.scope = request.scopes.join(' ')
  if (request.claims !== undefined) additionalParameters.claims = request.claims
  Object.assign(additionalParameters, present(deps.dialect.refreshParameters(request)))
  return requestTokens(
    request.assumedScopes,
    [request.refreshToken],
    deps,
    (heard) =>
      oauth.refreshTokenGrantRequest(server, client, oauth.None(), request.refreshToken, {
        ...viaHttp(http, heard),
        additionalParameters,
      }),
    (answer, checkedClient) => oauth.processRefreshTokenResponse(server, checkedClient, answer),
    onRefused,
  )
}
