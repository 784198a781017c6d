import type * as Original from 'oidc-client-ts'

type Claims = Record<string, unknown>

/** The settings that decide about the claims of a profile. */
export type ProfileSettings = Pick<
  Original.OidcClientSettingsStore,
  'filterProtocolClaims' | 'mergeClaimsStrategy'
>

/** The claims that only the protocol uses. */
const PROTOCOL_CLAIMS = 'nbf jti auth_time nonce acr amr azp at_hash'.split(' ')
const REQUIRED_CLAIMS = 'sub iss aud exp iat'.split(' ')

/** Removes the claims of the protocol, or the claims that the app names. The required claims stay. */
export function withoutProtocolClaims(
  claims: object,
  { filterProtocolClaims: filter }: ProfileSettings,
): Original.UserProfile {
  const removed = Array.isArray(filter) ? filter : filter ? PROTOCOL_CLAIMS : []
  return Object.fromEntries(
    Object.entries(claims).filter(
      ([name]) => REQUIRED_CLAIMS.includes(name) || !removed.includes(name),
    ),
  ) as Original.UserProfile & Claims
}

/** Adds claims of the userinfo endpoint to the claims of an ID token. */
export function mergeClaims<Known extends object>(
  known: Known,
  added: object,
  settings: ProfileSettings,
): Known {
  const merged = { ...known } as Claims
  for (const [name, value] of Object.entries(added))
    merged[name] = mergeClaim(merged[name], value, settings)
  return merged as Known
}

function mergeClaim(known: unknown, added: unknown, settings: ProfileSettings): unknown {
  if (Array.isArray(known) || Array.isArray(added)) {
    if (settings.mergeClaimsStrategy.array !== 'merge') return added
    return [...new Set([known ?? [], added].flat())]
  }
  return isClaims(known) && isClaims(added) ? mergeClaims(known, added, settings) : added
}

const isClaims = (value: unknown): value is Claims => typeof value === 'object' && value !== null
