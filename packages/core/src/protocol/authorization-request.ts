import * as oauth from 'oauth4webapi'
import type { ProviderMetadata } from '../discovery/provider-metadata.ts'

/** The random values of one authorization request, besides its `state`. */
export interface AuthorizationSecrets {
  readonly codeVerifier: string
  readonly nonce: string
}

/** Creates the random values of a new authorization request. */
export const createAuthorizationSecrets = (): AuthorizationSecrets => ({
  codeVerifier: oauth.generateRandomCodeVerifier(),
  nonce: oauth.generateRandomNonce(),
})

/** The fields of an authorization request. */
export interface AuthorizationRequest extends AuthorizationSecrets {
  readonly clientId: string
  readonly redirectUri: string
  readonly scopes: readonly string[]
  readonly state: string
  /** `form_post`: OAuth 2.0 Form Post Response Mode, for web apps. */
  readonly responseMode: 'fragment' | 'query' | 'form_post'
  /** Further parameters, by their wire names. Parameters with the value `undefined` are left out. */
  readonly parameters: Readonly<Record<string, string | undefined>>
}

/** The URL of an authorization request with PKCE (RFC 6749 section 4.1.1, RFC 7636 section 4.3). */
export async function authorizationUrl(
  metadata: ProviderMetadata,
  request: AuthorizationRequest,
): Promise<string> {
  const url = new URL(metadata.authorization_endpoint)
  const parameters: Record<string, string | undefined> = {
    ...request.parameters,
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    response_type: 'code',
    response_mode: request.responseMode,
    scope: request.scopes.join(' '),
    state: request.state,
    nonce: request.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(request.codeVerifier),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) url.searchParams.set(name, value)
  return url.href
}
