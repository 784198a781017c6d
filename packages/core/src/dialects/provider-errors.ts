import type { OAuthErrorDetails } from '../errors/errors.ts'
import type { InteractionReason } from '../errors/interaction-required.ts'

/** The response with the error: the response to a refresh, or an authorization response. */
export type ErrorPlace = 'refresh' | 'authorization'

/** An error that only some providers use, and its reason for an interaction. */
interface ProviderError {
  readonly error: string
  /** Matches the description, if the provider has no own code. No security check depends on it. */
  readonly description?: RegExp
  readonly places: readonly ErrorPlace[]
  readonly reason: InteractionReason
}

const REFRESH: readonly ErrorPlace[] = ['refresh']
const AUTHORIZATION: readonly ErrorPlace[] = ['authorization']
const BOTH: readonly ErrorPlace[] = ['refresh', 'authorization']

/**
 * Errors that no specification defines. Most providers refuse an invalid refresh token with `invalid_grant` (RFC 6749 section
 * 5.2), and differ in the description only; they need no row. Examples: Keycloak ("Token is not active", "Session not active", "Offline
 * user session not found"), Okta ("The refresh token is invalid or expired."), PingFederate ("unknown, invalid, or
 * expired refresh token"), PingAM ("grant is invalid"), Cognito ("Refresh Token has expired"), AD FS ("MSIS9615: …"),
 * Salesforce ("expired access/refresh token"), Auth0 ("Unknown or invalid refresh token.").
 */
const providerErrors: readonly ProviderError[] = [
  // Keycloak: the sign-in page of this tab expired, and the user signed in in another tab. Keycloak's documentation says to
  // start the sign-in again at once ("authentication_expired").
  {
    error: 'temporarily_unavailable',
    description: /^authentication_expired$/,
    places: AUTHORIZATION,
    reason: 'login',
  },
  // The same as `error`: gateways in front of Keycloak pass the description on as the error.
  { error: 'authentication_expired', places: BOTH, reason: 'login' },
  // Not registered (RFC 6749 section 11.4): gateways and session servers use this name.
  { error: 'session_expired', places: BOTH, reason: 'login' },
  // Ory Hydra: fosite's `ErrInactiveToken`, with status 401.
  { error: 'token_inactive', places: REFRESH, reason: 'login' },
  // RFC 6750 section 3.1 defines this code for resource servers. Some token endpoints use it for a refresh token.
  { error: 'invalid_token', places: REFRESH, reason: 'login' },
  // RFC 8628 section 3.5 defines this code for device codes. PingAM (ForgeRock) also uses it for other tokens.
  { error: 'expired_token', places: REFRESH, reason: 'login' },
  // Auth0, with status 403: a rule requires another factor before the refresh token is accepted.
  { error: 'mfa_required', places: REFRESH, reason: 'mfa' },
  // Okta: "Policy evaluation failed for this request". An interactive sign-in may satisfy the policy.
  { error: 'access_denied', places: REFRESH, reason: 'interaction' },
  // Salesforce, "OAuth Error Codes": an administrator froze the user, or the organization is locked. The refresh token is
  // no longer valid; another user may sign in.
  { error: 'inactive_user', places: REFRESH, reason: 'login' },
  { error: 'inactive_org', places: REFRESH, reason: 'login' },
  // Amazon Cognito, behind gateways that pass the name of the exception on ("Refresh Token has been revoked").
  { error: 'NotAuthorizedException', places: REFRESH, reason: 'login' },
  // Zitadel reports a malformed refresh token as a server error (older versions with status 500).
  {
    error: 'server_error',
    description: /\bErrors\.(?:OIDCSession|User)\.RefreshToken/,
    places: REFRESH,
    reason: 'login',
  },
]

/** The reason for an interaction, for errors that no specification defines; `undefined` for all other errors. */
export const reasonOfProvider = (
  { error, description = '' }: OAuthErrorDetails,
  place: ErrorPlace,
): InteractionReason | undefined =>
  providerErrors.find(
    (row) =>
      row.error === error &&
      row.places.includes(place) &&
      (row.description === undefined || row.description.test(description)),
  )?.reason

/**
 * True for Keycloak's error that the sign-in page of this tab expired while the user signed in in another tab. If the client
 * sends the same request again, Keycloak probably answers at once.
 */
export const isAuthenticationExpired = ({ error, description }: OAuthErrorDetails): boolean =>
  error === 'authentication_expired' ||
  (error === 'temporarily_unavailable' && description === 'authentication_expired')
