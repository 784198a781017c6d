import * as oauth from 'oauth4webapi'
import type { ProviderMetadata } from '../discovery/provider-metadata.ts'
import type { ScopeValues } from '../scopes/scope-values.ts'
import { oauthClient, oauthServer, type ProtocolDeps, viaHttp } from './deps.ts'
import { requestTokens, type TokenResponse } from './token-response.ts'

/** The parts of a token request that a client authentication may add to. */
export interface RequestToAuthenticate {
  readonly body: URLSearchParams
  readonly headers: Headers
  readonly metadata: ProviderMetadata
}

/**
 * Adds the credential of a confidential client to a token request (RFC 6749 section 2.3, RFC 7523).
 *
 * @throws AuthError if the credential cannot be used.
 */
export type ClientAuthentication = (request: RequestToAuthenticate) => void | Promise<void>

/** A token request of a confidential client. */
export interface GrantRequest {
  readonly grantType: string
  /** The parameters besides `grant_type` and the client authentication. */
  readonly parameters: Readonly<Record<string, string>>
  /** The granted scopes if the response has no `scope`. */
  readonly assumedScopes: ScopeValues
}

/** Parameters whose values must not appear in an error, because some providers quote the request. */
const SECRETS = ['assertion', 'subject_token', 'actor_token', 'refresh_token', 'device_code']

/** A shorter text is part of common words: to remove it would make an error unreadable. */
const SHORTEST_SECRET = 6

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
  const clientAuth: oauth.ClientAuth = async (_server, { client_id }, body, headers) => {
    body.set('client_id', client_id)
    await authenticate({ body, headers, metadata: deps.metadata })
    const proofs = [body.get('client_secret') ?? '', body.get('client_assertion') ?? '']
    secrets.push(...proofs.filter(({ length }) => length >= SHORTEST_SECRET))
  }
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
