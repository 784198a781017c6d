import * as oauth from 'oauth4webapi'
import { AuthError } from '../errors/errors.ts'
import { type ClientAuthentication, clientAuthOf } from './client-authentication.ts'
import { oauthClient, oauthServer, type ProtocolDeps, viaHttp } from './deps.ts'
import type { HttpAnswer } from './http.ts'
import { intermediaryError, isOfIntermediary, tokenEndpointError } from './oauth-error.ts'

const ENDPOINT = 'endpoint for pushed requests'

/**
 * Pushes an authorization request, and returns the URL that replaces it (RFC 9126): it names only the client and the request.
 *
 * @param url The URL of the authorization request, with all parameters.
 * @param authenticate Adds the credential of a confidential client. Default: a public client.
 * @throws AuthError `unsupported_by_provider` if the provider has no endpoint for pushed requests.
 * @throws AuthError for the error answers of the endpoint, as a token request does.
 */
export async function pushRequest(
  url: string,
  deps: ProtocolDeps,
  authenticate?: ClientAuthentication,
): Promise<string> {
  const { metadata, http, clientId, now } = deps
  if (metadata.pushed_authorization_request_endpoint === undefined)
    throw new AuthError(
      'unsupported_by_provider',
      `${metadata.issuer} has no endpoint for pushed authorization requests (RFC 9126).`,
    )
  const { searchParams } = new URL(url)
  const secrets: string[] = []
  // Here `client_id` is a parameter of the authorization request, besides the client authentication (RFC 9126 section 2.1).
  const withClientId: ClientAuthentication = async (request) => {
    await authenticate?.(request)
    request.body.set('client_id', clientId)
  }
  withClientId.remember = authenticate?.remember
  let answer: HttpAnswer | undefined
  const response = await oauth.pushedAuthorizationRequest(
    oauthServer(deps),
    oauthClient(deps),
    authenticate ? clientAuthOf(withClientId, metadata, secrets) : oauth.None(),
    searchParams,
    viaHttp(http, (heard) => {
      answer = heard
    }),
  )
  const isCreated = response.status === 200 || response.status === 201
  const { request_uri: requestUri } = isCreated
    ? ((await response.json().catch(() => ({}))) as { request_uri?: unknown })
    : {}
  if (answer && !isCreated) throw tokenEndpointError(answer, secrets, now(), 0, ENDPOINT)
  if (typeof requestUri !== 'string' || requestUri === '') {
    if (answer && isOfIntermediary(answer))
      throw intermediaryError(`the ${ENDPOINT}`, answer.status)
    throw new AuthError(
      'invalid_response',
      'The answer to the pushed request has no `request_uri`.',
    )
  }
  const pushed = new URL(metadata.authorization_endpoint)
  pushed.searchParams.set('client_id', clientId)
  pushed.searchParams.set('request_uri', requestUri)
  return pushed.href
}
