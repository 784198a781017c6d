import { AuthError } from '@carnet/core/base'
import type { AuthenticationResult } from '../api/result.ts'
import type { DemandedToken } from './demanded-token.ts'

/** The clock of the provider and of the page may differ. */
const TOLERANCE_MS = 60_000

/** True if the sign-in of a token meets the demand of an API (RFC 9470 section 5), by the claims of the ID token. */
export function isMet(
  { idTokenClaims }: Pick<AuthenticationResult, 'idTokenClaims'>,
  { extraParameters, maxAgeMs }: Pick<DemandedToken, 'extraParameters' | 'maxAgeMs'>,
  nowMs: number,
): boolean {
  const { acr, auth_time: authTime } = idTokenClaims as { acr?: unknown; auth_time?: unknown }
  const accepted = extraParameters?.acr_values?.split(' ')
  const isStrong = accepted === undefined || accepted.some((value) => value === acr)
  const isNew =
    maxAgeMs === undefined ||
    (typeof authTime === 'number' && nowMs - authTime * 1000 <= maxAgeMs + TOLERANCE_MS)
  return isStrong && isNew
}

/** @throws AuthError `challenge_unmet` if the provider did not deliver the demanded sign-in. */
export function assertMet(
  result: AuthenticationResult | undefined,
  demanded: DemandedToken,
  nowMs: number,
): void {
  if (result && isMet(result, demanded, nowMs)) return
  throw new AuthError(
    'challenge_unmet',
    'The API needs a stronger or newer sign-in than the provider delivered (RFC 9470).',
  )
}
