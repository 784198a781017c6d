import type { JWTPayload } from 'jose'
import { demandsOf } from '../model/claims-demands.ts'

/** The conditions of one request, besides the scope. */
export interface Demands {
  /** A claims challenge, as JSON: the token must meet its `access_token` member. */
  readonly claims?: string
  /** RFC 9470 §3: one of these authentication contexts. */
  readonly acrValues?: readonly string[]
  /** RFC 9470 §3: the longest time since the user authenticated, in seconds. */
  readonly maxAge?: number
}

/** The parameters of the challenge for an unmet demand; undefined if the token meets all demands. */
export function unmetDemand(
  token: JWTPayload,
  { claims, acrValues, maxAge }: Demands,
  encode: (claims: string) => string,
): Record<string, string> | undefined {
  if (claims !== undefined && !meetsClaims(token, claims))
    return { error: 'insufficient_claims', claims: encode(claims) }
  const isWeak = acrValues !== undefined && !acrValues.includes(String(token.acr))
  const ageSeconds = Date.now() / 1000 - Number(token.auth_time ?? 0)
  const isOld = maxAge !== undefined && ageSeconds > maxAge
  if (!isWeak && !isOld) return undefined
  return {
    error: 'insufficient_user_authentication',
    error_description: isWeak
      ? 'a stronger authentication is required'
      : 'a more recent authentication is required',
    ...(acrValues && { acr_values: acrValues.join(' ') }),
    ...(maxAge !== undefined && { max_age: String(maxAge) }),
  }
}

/** True if the token meets the challenge: `nbf` must be late enough, other claims must have an accepted value. */
function meetsClaims(token: JWTPayload, challenge: string): boolean {
  return Object.entries(demandsOf(challenge) ?? {}).every(([name, values]) =>
    name === 'nbf'
      ? Number(token.nbf ?? token.iat ?? 0) >= Number(values[0])
      : [token[name]].flat().some((value) => values.includes(String(value))),
  )
}
