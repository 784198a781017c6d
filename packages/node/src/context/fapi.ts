import { AuthError } from '@carnet/core'
import type { ProviderMetadata } from '@carnet/core/network'

/** The algorithms of the FAPI 2.0 Security Profile section 5.4.1. */
const ALGORITHMS = ['PS256', 'ES256', 'EdDSA', 'Ed25519']

/**
 * Checks that the provider offers what the FAPI 2.0 Security Profile section 5.3 needs.
 *
 * @throws AuthError `unsupported_by_provider`, which names the member of the discovery document.
 */
export function assertFapi(metadata: ProviderMetadata): void {
  const needed: readonly (readonly [unknown, string])[] = [
    [metadata.pushed_authorization_request_endpoint, 'pushed_authorization_request_endpoint'],
    [
      metadata.authorization_response_iss_parameter_supported,
      'authorization_response_iss_parameter_supported',
    ],
    [
      metadata.tls_client_certificate_bound_access_tokens,
      'tls_client_certificate_bound_access_tokens',
    ],
  ]
  const missing = needed.find(([value]) => !value)
  if (missing)
    throw new AuthError(
      'unsupported_by_provider',
      `\`security: "fapi2"\` needs \`${missing[1]}\` in the discovery document of the provider.`,
    )
}

/** Checks the algorithm of an ID token. @throws AuthError `invalid_id_token` */
export function assertFapiAlgorithm(idToken: string): void {
  const { alg } = headerOf(idToken)
  if (!ALGORITHMS.includes(String(alg)))
    throw new AuthError(
      'invalid_id_token',
      `\`security: "fapi2"\` allows no ID token that is signed with another algorithm than ${ALGORITHMS.join(', ')}.`,
    )
}

function headerOf(jwt: string): { readonly alg?: unknown } {
  try {
    return Object(JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString()))
  } catch {
    return {}
  }
}
