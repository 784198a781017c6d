import type { BrowserConfiguration } from '@azure/msal-browser'
import { unsupported } from '../errors/unsupported.ts'
import { assertSecure } from './secure.ts'

/** @throws BrowserConfigurationAuthError `unsupported_option` for an option that Carnet declines. */
export function assertSupported({ system }: BrowserConfiguration): void {
  if ((system.protocolMode as string) === 'EAR')
    throw unsupported('the option `system.protocolMode: "EAR"`', 'Use "AAD" or "OIDC".')
}

/** The fields of a request that Carnet declines, with advice. */
const DECLINED: Readonly<Record<string, string>> = {
  embeddedClientId: 'Nested apps need a broker.',
  sshJwk: 'SSH certificates are not supported.',
  attributeTokens: 'Remove it.',
  code: 'Redeem the code where it was requested.',
  nativeAccountId: 'Accounts of a broker are not supported.',
}

/**
 * Checks the fields of a request.
 *
 * @throws BrowserConfigurationAuthError `unsupported_option` for a field that Carnet declines.
 * @throws ClientConfigurationError `authority_uri_insecure` for an authority without TLS.
 */
export function assertRequest(request: object, correlationId: string): void {
  const fields = request as Record<string, unknown>
  const scheme = fields.authenticationScheme
  if (scheme !== undefined && scheme !== 'Bearer')
    throw unsupported(
      `the field \`authenticationScheme: ${JSON.stringify(scheme)}\``,
      'Use "Bearer". For tokens that are bound to a key, use the option `dpop` of @carnet/browser.',
      correlationId,
    )
  for (const [name, advice] of Object.entries(DECLINED))
    if (fields[name] !== undefined)
      throw unsupported(`the field \`${name}\``, advice, correlationId)
  if (typeof fields.authority === 'string') assertSecure(fields.authority, correlationId)
}
