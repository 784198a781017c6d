import { type AzureCloudOptions, ClientConfigurationError } from '@azure/msal-common/browser'

/** Parameters by their wire names. */
type Parameters = Readonly<Record<string, string>>

/** The fields that all requests of `@azure/msal-browser` share, also those of versions 3 and 4. */
export interface AnyRequest {
  readonly authority?: string | undefined
  readonly azureCloudOptions?: AzureCloudOptions | undefined
  readonly claims?: string | undefined
  readonly resource?: string | undefined
  readonly extraQueryParameters?: Parameters | undefined
  readonly extraParameters?: Parameters | undefined
  /** Of versions 3 and 4. */
  readonly tokenQueryParameters?: Parameters | undefined
  readonly tokenBodyParameters?: Parameters | undefined
}

/**
 * Converts the fields that all requests share.
 *
 * @throws ClientConfigurationError `invalid_claims` if the claims are not a JSON object.
 */
export function toCommon(request: AnyRequest, correlationId: string) {
  const { claims, resource, extraParameters } = request
  if (claims) assertClaims(claims, correlationId)
  const authority = authorityOf(request)
  const authorization = withoutOwn(extraOf(request))
  const token = {
    ...extraParameters,
    ...request.tokenQueryParameters,
    ...request.tokenBodyParameters,
  }
  return {
    correlationId,
    ...(authority && { authority }),
    ...(claims && { claims }),
    ...(resource && { resource }),
    ...(Object.keys(authorization).length > 0 && { extraParameters: authorization }),
    ...(Object.keys(token).length > 0 && { tokenParameters: token }),
  }
}

/** Further parameters of the authorization request. */
export const extraOf = ({ extraQueryParameters, extraParameters }: AnyRequest): Parameters => ({
  ...extraQueryParameters,
  ...extraParameters,
})

/** Parameters that the library sets. As in `@azure/msal-browser`, further parameters do not replace them. */
const OWN =
  /^(client_id|redirect_uri|response_(type|mode)|code_challenge(_method)?|request(_uri)?|client_info|X-AnchorMailbox|scope|state|nonce|prompt|max_age|login_hint|sid|domain_hint|claims|resource)$/

const withoutOwn = (parameters: Parameters): Parameters =>
  Object.fromEntries(Object.entries(parameters).filter(([name]) => !OWN.test(name)))

/** The scopes of a request without spaces around them, and without empty texts. */
export const scopesOf = ({
  scopes = [],
}: {
  readonly scopes?: readonly string[] | undefined
}): string[] => [...scopes].map((scope) => scope.trim()).filter(Boolean)

/** The authority of a request: its cloud with a tenant, or its authority. */
export function authorityOf({ authority, azureCloudOptions }: AnyRequest): string | undefined {
  const { azureCloudInstance, tenant } = azureCloudOptions ?? {}
  if (!azureCloudInstance || (azureCloudInstance as string) === 'none') return authority
  return `${azureCloudInstance}/${tenant || 'common'}/`
}

function assertClaims(claims: string, correlationId: string): void {
  try {
    if (typeof JSON.parse(claims) === 'object') return
  } catch {
    // The error below says it.
  }
  throw new ClientConfigurationError('invalid_claims', correlationId)
}
