import type { ProviderMetadata } from '../discovery/provider-metadata.ts'

/** Some servers and proxies refuse longer URLs, with status 414 or 431. */
const LONGEST_URL = 2000

/** The fields of a logout request. */
export interface EndSessionRequest {
  readonly clientId: string
  readonly idTokenHint: string | undefined
  readonly logoutHint: string | undefined
  /** The fallback for `logoutHint` if the ID token is too long to send. */
  readonly accountHint: string | undefined
  readonly postLogoutRedirectUri: string | undefined
  readonly state: string | undefined
  /** Further parameters. They never replace the parameters of the fields above. */
  readonly extraParameters: Readonly<Record<string, string>>
  /** `auto`: GET, or POST if the URL would be too long. */
  readonly method: 'auto' | 'get' | 'post'
}

/** The request to the end-session endpoint. */
export interface EndSessionPlan {
  /** The URL for GET, or for POST if there is a `form`. */
  readonly url: string
  readonly form: Readonly<Record<string, string>> | undefined
  /** The URL for GET if the form cannot be posted. It omits the ID token if the URL would be too long. */
  readonly withoutForm: string
}

/**
 * Plans the request that ends the provider's session (OpenID Connect RP-Initiated Logout 1.0 section 2). The provider must
 * support GET and POST. An ID token with many claims makes the URL too long: then the request is a POST. With the method
 * `get`, it omits the ID token instead, because `id_token_hint` is only recommended.
 *
 * @returns `undefined` if the provider has no end-session endpoint.
 */
export function endSessionPlan(
  { end_session_endpoint: endpoint }: ProviderMetadata,
  request: EndSessionRequest,
): EndSessionPlan | undefined {
  if (endpoint === undefined) return undefined
  const { method, logoutHint, accountHint } = request
  const all = parametersOf(request)
  const whole = addressOf(endpoint, all)
  const isLong = whole.length > LONGEST_URL
  const short = parametersOf({
    ...request,
    idTokenHint: undefined,
    logoutHint: logoutHint ?? accountHint,
  })
  const withoutForm = isLong ? addressOf(endpoint, short) : whole
  const isPosted = method === 'post' || (method === 'auto' && isLong)
  if (!isPosted) return { url: withoutForm, form: undefined, withoutForm }
  return { url: endpoint, form: all, withoutForm }
}

function parametersOf(request: EndSessionRequest): Record<string, string> {
  const parameters = {
    ...request.extraParameters,
    client_id: request.clientId,
    id_token_hint: request.idTokenHint,
    logout_hint: request.logoutHint,
    post_logout_redirect_uri: request.postLogoutRedirectUri,
    state: request.state,
  }
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given) as Record<string, string>
}

function addressOf(endpoint: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(endpoint)
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}
