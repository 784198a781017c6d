import type { ProviderMetadata } from '../authority/provider-metadata.ts'

export interface EndSessionRequest {
  readonly clientId: string
  readonly idTokenHint: string | undefined
  readonly logoutHint: string | undefined
  readonly postLogoutRedirectUri: string | undefined
  readonly state: string | undefined
}

/** The URL that ends the provider's session (OpenID Connect RP-Initiated Logout 1.0 section 2). */
export function endSessionUrl(
  metadata: ProviderMetadata,
  request: EndSessionRequest,
): string | undefined {
  if (metadata.end_session_endpoint === undefined) return undefined
  const url = new URL(metadata.end_session_endpoint)
  const parameters = {
    client_id: request.clientId,
    id_token_hint: request.idTokenHint,
    logout_hint: request.logoutHint,
    post_logout_redirect_uri: request.postLogoutRedirectUri,
    state: request.state,
  }
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) url.searchParams.set(name, value)
  return url.href
}
