import { isSecureUrl } from './secure-url.ts'

/** The members of a discovery document that Carnet uses, by the type of their value. */
export const METADATA_MEMBERS = {
  url: [
    'authorization_endpoint',
    'token_endpoint',
    'end_session_endpoint',
    'revocation_endpoint',
    'userinfo_endpoint',
    'device_authorization_endpoint',
    'jwks_uri',
    'pushed_authorization_request_endpoint',
  ],
  list: [
    'id_token_signing_alg_values_supported',
    'response_modes_supported',
    'response_types_supported',
    'grant_types_supported',
    'scopes_supported',
    'token_endpoint_auth_methods_supported',
    'prompt_values_supported',
    'code_challenge_methods_supported',
    'dpop_signing_alg_values_supported',
  ],
  flag: [
    'authorization_response_iss_parameter_supported',
    'claims_parameter_supported',
    'require_pushed_authorization_requests',
    'require_signed_request_object',
    'tls_client_certificate_bound_access_tokens',
  ],
  endpoints: ['mtls_endpoint_aliases'],
} as const

type Kind = keyof typeof METADATA_MEMBERS
const KINDS = Object.keys(METADATA_MEMBERS) as Kind[]

/**
 * Reads the value of a member. A list keeps its strings only. A list without strings counts as malformed, because RFC 8414
 * section 3.2 forbids empty lists. Of endpoints, the valid ones are kept.
 *
 * @returns `undefined` for a value of a wrong type.
 */
const readers: Readonly<Record<Kind, (value: unknown) => unknown>> = {
  url: (value) => (isSecureUrl(value) ? value : undefined),
  flag: (value) => (typeof value === 'boolean' ? value : undefined),
  list(value) {
    const texts = Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
    return texts.length > 0 ? texts : undefined
  },
  endpoints: (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).filter(([, url]) => isSecureUrl(url)))
      : undefined,
}

/** The valid members, and the names of the malformed members. `null` counts as an absent member. */
export interface ReadMembers {
  readonly members: Readonly<Record<string, unknown>>
  readonly malformed: readonly string[]
}

/** Reads the members of a discovery document that Carnet uses, apart from `issuer`. */
export function readMembers(document: Readonly<Record<string, unknown>>): ReadMembers {
  const members: Record<string, unknown> = {}
  const malformed: string[] = []
  for (const kind of KINDS) {
    for (const name of METADATA_MEMBERS[kind]) {
      const value = Object.hasOwn(document, name) ? (document[name] ?? undefined) : undefined
      if (value === undefined) continue
      members[name] = readers[kind](value)
      if (members[name] === undefined) malformed.push(name)
    }
  }
  return { members, malformed }
}

const EXPECTED: Readonly<Record<Kind, string>> = {
  url: 'an https URL',
  list: 'an array of strings',
  flag: 'true or false',
  endpoints: 'an object of https URLs',
}

/** Describes the first malformed member of a document that the app passed as an option; `undefined` if all are valid. */
export function problemOfMembers(document: Readonly<Record<string, unknown>>): string | undefined {
  const [name] = readMembers(document).malformed
  const kind = KINDS.find((one) => METADATA_MEMBERS[one].some((member) => member === name))
  return kind && `holds \`${name}\`, which is not ${EXPECTED[kind]}`
}
