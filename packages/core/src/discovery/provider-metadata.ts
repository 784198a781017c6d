import { oidcDialect } from '../dialects/oidc/oidc-dialect.ts'
import type { ProviderDialect } from '../dialects/provider-dialect.ts'
import { AuthError } from '../errors/errors.ts'
import { serverText } from '../errors/server-text.ts'
import { asObject, shape, text } from '../records/shape.ts'
import { readMembers } from './metadata-members.ts'

/** The members of a discovery document that Carnet uses (OpenID Connect Discovery 1.0 section 3, RFC 8414). */
export interface ProviderMetadata {
  readonly issuer: string
  readonly authorization_endpoint: string
  readonly token_endpoint: string
  readonly end_session_endpoint?: string
  readonly revocation_endpoint?: string
  readonly userinfo_endpoint?: string
  readonly device_authorization_endpoint?: string
  readonly jwks_uri?: string
  readonly pushed_authorization_request_endpoint?: string
  readonly authorization_response_iss_parameter_supported?: boolean
  readonly id_token_signing_alg_values_supported?: string[]
  readonly response_modes_supported?: string[]
  readonly response_types_supported?: string[]
  readonly grant_types_supported?: string[]
  readonly scopes_supported?: string[]
  readonly token_endpoint_auth_methods_supported?: string[]
  readonly prompt_values_supported?: string[]
  readonly code_challenge_methods_supported?: string[]
  readonly dpop_signing_alg_values_supported?: string[]
  readonly claims_parameter_supported?: boolean
  readonly require_pushed_authorization_requests?: boolean
  readonly require_signed_request_object?: boolean
  /** True if access tokens are bound to the certificate of the client (RFC 8705 section 3.3). */
  readonly tls_client_certificate_bound_access_tokens?: boolean
  /** Endpoints for clients with a certificate in the TLS handshake (RFC 8705 section 5). */
  readonly mtls_endpoint_aliases?: Readonly<Record<string, string>>
}

const REQUIRED_ENDPOINTS = ['authorization_endpoint', 'token_endpoint'] as const

type Required = 'issuer' | (typeof REQUIRED_ENDPOINTS)[number]

const parseIssuer = shape<Pick<ProviderMetadata, 'issuer'>>({ issuer: text })

/** `readMembers` has read the optional members before, and dropped each one of a wrong type. */
const parseMembers = shape<ProviderMetadata, Exclude<keyof ProviderMetadata, Required>>({
  issuer: text,
  authorization_endpoint: text,
  token_endpoint: text,
})

/**
 * Parses a discovery document. Optional members of a wrong type are ignored.
 *
 * @throws AuthError `discovery_failed` if a required member is missing or malformed; `issuer_mismatch` if the issuer does
 * not belong to the authority.
 */
export function parseProviderMetadata(
  value: unknown,
  authority: string,
  dialect: Pick<ProviderDialect, 'isIssuerOf'> = oidcDialect,
): ProviderMetadata {
  const document = asObject(value)
  const invalid = (what: string) =>
    new AuthError(
      'discovery_failed',
      `The discovery document of ${authority} is not valid: ${what}.`,
    )
  if (!document) throw invalid('it is not a JSON object')

  const { issuer } = parseIssuer(document) ?? {}
  if (issuer === undefined) throw invalid('`issuer` is missing')
  if (!dialect.isIssuerOf(issuer, authority)) {
    throw new AuthError(
      'issuer_mismatch',
      `The discovery document of ${authority} names the issuer "${serverText(issuer)}".`,
    )
  }

  const { members } = readMembers(document)
  const known = Object.entries(members).filter(([, value]) => value !== undefined)
  const metadata = parseMembers({ issuer, ...Object.fromEntries(known) })
  if (metadata) return metadata
  const missing = REQUIRED_ENDPOINTS.find((name) => members[name] === undefined)
  throw invalid(`\`${missing}\` is not an https URL`)
}
