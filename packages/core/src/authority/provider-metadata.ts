import { AuthError } from '../errors.ts'
import { asObject } from '../json.ts'
import { serverText } from '../server-text.ts'
import type { AuthorityProfile } from './authority-profile.ts'
import { checkEntraIssuer } from './entra-authority.ts'
import { isSecureUrl } from './secure-url.ts'

/** What Carnet uses of a discovery document (OpenID Connect Discovery 1.0 section 3, RFC 8414). */
export interface ProviderMetadata {
  readonly issuer: string
  readonly authorization_endpoint: string
  readonly token_endpoint: string
  readonly end_session_endpoint?: string
  readonly revocation_endpoint?: string
  readonly userinfo_endpoint?: string
  readonly jwks_uri?: string
  readonly authorization_response_iss_parameter_supported?: boolean
  readonly id_token_signing_alg_values_supported?: string[]
  readonly response_modes_supported?: string[]
  readonly response_types_supported?: string[]
  readonly grant_types_supported?: string[]
  readonly scopes_supported?: string[]
  readonly prompt_values_supported?: string[]
  readonly code_challenge_methods_supported?: string[]
  readonly claims_parameter_supported?: boolean
  readonly require_pushed_authorization_requests?: boolean
  readonly require_signed_request_object?: boolean
}

const REQUIRED_ENDPOINTS = ['authorization_endpoint', 'token_endpoint'] as const
const OPTIONAL_ENDPOINTS = [
  'end_session_endpoint',
  'revocation_endpoint',
  'userinfo_endpoint',
  'jwks_uri',
] as const
const LISTS = [
  'id_token_signing_alg_values_supported',
  'response_modes_supported',
  'response_types_supported',
  'grant_types_supported',
  'scopes_supported',
  'prompt_values_supported',
  'code_challenge_methods_supported',
] as const
const FLAGS = [
  'authorization_response_iss_parameter_supported',
  'claims_parameter_supported',
  'require_pushed_authorization_requests',
  'require_signed_request_object',
] as const

const withoutSlash = (issuer: string) => issuer.replace(/\/$/, '')

/**
 * True if the issuer is the authority, apart from a slash at the end: both forms name the same document (OpenID Connect
 * Discovery 1.0 section 4.1). The authority may spell out the default port, or its host in capitals.
 */
export const isIssuerOf = (issuer: string, authority: string): boolean =>
  [authority, new URL(authority).href].map(withoutSlash).includes(withoutSlash(issuer))

/** Reads a discovery document, and ignores every optional member of a wrong type. */
export function parseProviderMetadata(
  value: unknown,
  authority: string,
  profile: AuthorityProfile = 'oidc',
): ProviderMetadata {
  const document = asObject(value)
  const invalid = (what: string) =>
    new AuthError(
      'discovery_failed',
      `The discovery document of ${authority} is not valid: ${what}.`,
    )
  if (!document) throw invalid('it is not a JSON object')

  const { issuer } = document
  if (typeof issuer !== 'string') throw invalid('`issuer` is missing')
  if (profile === 'entra') checkEntraIssuer(issuer, authority)
  else if (!isIssuerOf(issuer, authority)) {
    throw new AuthError(
      'issuer_mismatch',
      `The discovery document of ${authority} names the issuer "${serverText(issuer)}".`,
    )
  }

  const metadata: Record<string, unknown> = { issuer }
  for (const name of REQUIRED_ENDPOINTS) {
    if (!isSecureUrl(document[name])) throw invalid(`\`${name}\` is not an https URL`)
    metadata[name] = document[name]
  }
  for (const name of OPTIONAL_ENDPOINTS) {
    if (isSecureUrl(document[name])) metadata[name] = document[name]
  }
  for (const name of LISTS) {
    const list = document[name]
    if (Array.isArray(list)) metadata[name] = list.filter((item) => typeof item === 'string')
  }
  for (const name of FLAGS) if (typeof document[name] === 'boolean') metadata[name] = document[name]
  return metadata as unknown as ProviderMetadata
}
