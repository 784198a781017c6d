import * as oauth from 'oauth4webapi'
import { anchorMailbox } from '../dialects/entra/anchor-mailbox.ts'
import { AuthError } from '../errors/errors.ts'
import { forTokenRequest, type RequestParameters } from '../parameters/request-parameters.ts'
import { covers, type ScopeValues } from '../scopes/scope-values.ts'
import { oauthClient, oauthServer, type ProtocolDeps, viaHttp } from './deps.ts'
import { requestTokens, type TokenGrant } from './token-grant.ts'

export interface RefreshRequest {
  readonly refreshToken: string
  /** What to ask for; nothing where the grant as a whole is wanted (RFC 6749 section 6). */
  readonly scopes: ScopeValues | undefined
  /** What the answer counts as granted where it names no scopes. */
  readonly assumedScopes: ScopeValues
  /** RFC 8707 resource indicator. */
  readonly resource: string | undefined
  /** A claims request that the token must answer. */
  readonly claims: string | undefined
  /** The request parameters that the token must answer. */
  readonly parameters?: RequestParameters | undefined
  /** Whose token it is, for Entra to find the right part of its directory. */
  readonly homeAccountId: string
}

/**
 * Redeems a refresh token for a part of its grant. Some servers know no `scope` parameter here and refuse it with
 * `invalid_scope`: then the whole grant is asked back, by a request without the parameter.
 *
 * @param grantedScopes All scopes of the grant.
 */
export async function refreshPart(
  request: RefreshRequest,
  grantedScopes: ScopeValues,
  deps: ProtocolDeps,
  onRefused: (answer: Readonly<Record<string, unknown>>) => Promise<void>,
): Promise<TokenGrant> {
  try {
    return await refresh(request, deps, onRefused)
  } catch (error) {
    const isRefused = error instanceof AuthError && error.oauth?.error === 'invalid_scope'
    const isPart = request.scopes !== undefined && covers(grantedScopes, request.scopes)
    if (!isRefused || !isPart || deps.profile !== 'oidc') throw error
    const whole = { ...request, scopes: undefined, assumedScopes: grantedScopes }
    return refresh(whole, deps, onRefused)
  }
}

/** Redeems a refresh token (RFC 6749 section 6). The server may rotate it (RFC 9700 section 4.14.2). */
export function refresh(
  request: RefreshRequest,
  deps: ProtocolDeps,
  onRefused: (answer: Readonly<Record<string, unknown>>) => Promise<void>,
): Promise<TokenGrant> {
  const { http } = deps
  const server = oauthServer(deps)
  const client = oauthClient(deps)
  const additionalParameters: Record<string, string> = { ...forTokenRequest(request.parameters) }
  if (request.scopes) additionalParameters.scope = request.scopes.join(' ')
  if (request.resource !== undefined) additionalParameters.resource = request.resource
  if (request.claims !== undefined) additionalParameters.claims = request.claims
  if (deps.profile === 'entra') {
    additionalParameters.client_info = '1'
    const anchor = anchorMailbox(request.homeAccountId)
    // In the body rather than as a header, which would cost a preflight request.
    if (anchor !== undefined) additionalParameters['X-AnchorMailbox'] = anchor
  }
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
