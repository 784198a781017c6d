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
  readonly scopes_supported?: string[]
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
  'scopes_supported',
] as const

const withoutSlash = (issuer: string) => issuer.replace(/\/$/, '')

/**
 * Reads a discovery document. The issuer must be exactly the authority, a slash at the end apart:
 * both forms name the same document (OpenID Connect Discovery 1.0 section 4.1).
 */
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
  else if (withoutSlash(issuer) !== withoutSlash(authority)) {
    throw new AuthError(
      'issuer_mismatch',
      `Asked ${authority} for its metadata, and it says to be "${serverText(issuer)}".`,
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
  if (document.authorization_response_iss_parameter_supported === true)
    metadata.authorization_response_iss_parameter_supported = true
  return metadata as unknown as ProviderMetadata
}
