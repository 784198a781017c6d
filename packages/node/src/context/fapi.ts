import { AuthError } from '@carnet/core'
import type { ProviderMetadata } from '@carnet/core/network'
import { FAPI_ALGORITHMS } from './check-security.ts'
import type { Config } from './config.ts'

/**
 * Checks that the provider offers what the FAPI 2.0 Security Profile section 5.3 needs.
 *
 * @throws AuthError `unsupported_by_provider`, which names the member of the discovery document.
 */
export function assertFapi(
  metadata: ProviderMetadata,
  { dpop, credentials }: Pick<Config, 'dpop' | 'credentials'>,
): void {
  const { dpop_signing_alg_values_supported: proofs } = metadata
  const needed: readonly (readonly [unknown, string])[] = [
    [metadata.pushed_authorization_request_endpoint, 'pushed_authorization_request_endpoint'],
    [
      metadata.authorization_response_iss_parameter_supported,
      'authorization_response_iss_parameter_supported',
    ],
    dpop
      ? [proofs?.some((one) => FAPI_ALGORITHMS.includes(one)), 'dpop_signing_alg_values_supported']
      : [
          metadata.tls_client_certificate_bound_access_tokens,
          'tls_client_certificate_bound_access_tokens',
        ],
    [offersMethods(metadata, credentials), 'token_endpoint_auth_methods_supported'],
  ]
  const missing = needed.find(([value]) => !value)
  if (missing)
    throw new AuthError(
      'unsupported_by_provider',
      `\`security: "fapi2"\` needs \`${missing[1]}\` in the discovery document of the provider.`,
    )
}

const TLS_METHODS = ['tls_client_auth', 'self_signed_tls_client_auth']

/** True if the provider accepts the methods of the credentials. A provider that lists no method is asked. */
function offersMethods(
  { token_endpoint_auth_methods_supported: listed }: ProviderMetadata,
  credentials: Config['credentials'],
): boolean {
  const methodsOf = (kind: string) => (kind === 'tls' ? TLS_METHODS : ['private_key_jwt'])
  const isListed = (method: string) => listed?.includes(method)
  return !listed || credentials.every(({ kind }) => methodsOf(kind).some(isListed))
}

/** Checks the algorithm of an ID token. @throws AuthError `invalid_id_token` */
export function assertFapiAlgorithm(idToken: string): void {
  const { alg } = headerOf(idToken)
  if (!FAPI_ALGORITHMS.includes(String(alg)))
    throw new AuthError(
      'invalid_id_token',
      `\`security: "fapi2"\` allows no ID token that is signed with another algorithm than ${FAPI_ALGORITHMS.join(', ')}.`,
    )
}

function headerOf(jwt: string): { readonly alg?: unknown } {
  try {
    return Object(JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString()))
  } catch {
    return {}
  }
}
