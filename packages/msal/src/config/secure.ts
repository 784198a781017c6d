import { ClientConfigurationError } from '@azure/msal-common/browser'

/** The fields of a request whose check loads only if a request has one of them. */
const CHECKED =
  /^(authenticationScheme|embeddedClientId|sshJwk|attributeTokens|code|nativeAccountId)$/

/** True if a request may have a field that Carnet declines; see `assertRequest`. */
export const mayBeDeclined = (request: object): boolean =>
  Object.keys(request).some((name) => CHECKED.test(name))

/** @throws ClientConfigurationError `authority_uri_insecure`, `url_parse_error` */
export function assertSecure(authority: string, correlationId: string): void {
  if (!URL.canParse(authority)) throw new ClientConfigurationError('url_parse_error', correlationId)
  const { protocol, hostname } = new URL(authority)
  const isLoopback = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname)
  if (protocol !== 'https:' && !isLoopback)
    throw new ClientConfigurationError('authority_uri_insecure', correlationId)
}
