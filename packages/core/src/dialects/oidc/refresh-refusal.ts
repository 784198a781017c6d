import type { OAuthErrorDetails } from '../../errors/errors.ts'
import type { InteractionReason } from '../../errors/interaction-required.ts'
import { knownReason } from '../error-reason.ts'
import type { ErrorPlace } from '../provider-errors.ts'

/**
 * Codes of plain providers that refuse the refresh token, not the client. `invalid_request` may mean the token, or scopes
 * beyond its grant. The other codes mean that the client may no longer use the grant type `refresh_token` (RFC 6749 section
 * 5.2). A sign-in uses another grant type and brings new tokens.
 */
const REFUSED_REFRESH: readonly string[] = [
  'invalid_request',
  'unauthorized_client',
  'unsupported_grant_type',
]

/** The reason why the user must act after an error of a plain provider. */
export function oidcErrorReason(
  oauth: OAuthErrorDetails,
  place: ErrorPlace,
): InteractionReason | undefined {
  const isRefused = place === 'refresh' && REFUSED_REFRESH.includes(oauth.error)
  return knownReason(oauth, place) ?? (isRefused ? 'login' : undefined)
}
