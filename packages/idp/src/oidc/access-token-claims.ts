import { demandsOf } from '../model/claims-demands.ts'
import { isJsonObject } from '../model/json.ts'
import type { OidcContext } from '../vendor/oidc-provider.ts'
import { extraClaimsOf } from './user-tokens.ts'

/** The part of a code or of a refresh token that this file needs. */
interface Source {
  readonly acr?: string
  readonly authTime?: number
  readonly claims?: unknown
}

/**
 * The claims of an access token besides those of oidc-provider: `acr` and `auth_time` (RFC 9068 §2.2.1), the actor, and the
 * values that a claims request demands. The claims of a token request count more than the claims of the sign-in.
 */
export function accessTokenClaims(context: OidcContext | undefined, token: object) {
  // `accessTokenFor` issues a token without a request.
  if (!context) return extraClaimsOf(token)
  const { oidc } = context
  const source = sourceOf(oidc)
  const body = isJsonObject(oidc.body) ? oidc.body : {}
  const demands = {
    ...demandsOf(JSON.stringify(source?.claims ?? {})),
    ...demandsOf(typeof body.claims === 'string' ? body.claims : '{}'),
  }
  const met = Object.entries(demands).filter(([name]) => isFree(name))
  return {
    ...Object.fromEntries(met),
    ...(source?.acr !== undefined && { acr: source.acr }),
    ...(source?.authTime !== undefined && { auth_time: source.authTime }),
    ...extraClaimsOf(token),
  }
}

const sourceOf = ({ entities }: OidcContext['oidc']): Source | undefined =>
  (entities.AuthorizationCode ?? entities.RefreshToken) as Source | undefined

/** Claims that the provider sets itself cannot be demanded. */
const isFree = (name: string): boolean =>
  !['iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'jti', 'scope', 'client_id', 'cnf', 'act'].includes(
    name,
  )
