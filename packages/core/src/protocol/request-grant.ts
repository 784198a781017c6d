import * as oauth from 'oauth4webapi'
import type { ScopeValues } from '../scopes/scope-values.ts'
import { type ClientAuthentication, clientAuthOf } from './client-authentication.ts'
import { oauthClient, oauthServer, type ProtocolDeps, viaHttp } from './deps.ts'
import { requestTokens, type TokenResponse } from './token-response.ts'

/** A token request of a confidential client. */
export interface GrantRequest {
  readonly grantType: string
  /** The parameters besides `grant_type` and the client authentication. */
  readonly parameters: Readonly<Record<string, string>>
  /** The granted scopes if the response has no `scope`. */
  readonly assumedScopes: ScopeValues
}

/** Parameters whose values must not appear in an error, because some providers quote the request. */
const SECRETS = [
  'assertion',
  'subject_token',
  'actor_token',
  'refresh_token',
  'device_code',
  'password',
]

/**
 * Sends a token request of any grant type with client authentication, and validates the response.
 *
 * @param onRefused Receives the fields of a token response that fails its checks, before the error is thrown.
 */
export function requestGrant(
  { grantType, parameters, assumedScopes }: GrantRequest,
  authenticate: ClientAuthentication,
  deps: ProtocolDeps,
  onRefused?: (answer: Readonly<Record<string, unknown>>) => Promise<void>,
): Promise<TokenResponse> {
  const server = oauthServer(deps)
  const client = oauthClient(deps)
  const secrets = SECRETS.flatMap((name) => parameters[name] ?? [])
  const clientAuth = clientAuthOf(authenticate, deps.metadata, secrets)
  return requestTokens(
    assumedScopes,
    secrets,
    deps,
    (heard) =>
      oauth.genericTokenEndpointRequest(
        server,
        client,
        clientAuth,
        grantType,
        { ...parameters },
        viaHttp(deps.http, heard),
      ),
    (answer, checkedClient) =>
      oauth.processGenericTokenEndpointResponse(server, checkedClient, answer),
    onRefused,
  )
}
