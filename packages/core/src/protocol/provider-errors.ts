import type { OAuthErrorDetails } from '../errors/errors.ts'
import type { InteractionReason } from '../errors/interaction-required.ts'

/** Where an error stands: in the answer to a refresh, or in an authorization response. */
export type ErrorPlace = 'refresh' | 'authorization'

/** An error that a provider uses in a way of its own, and the reason for the user that it means. */
interface Dialect {
  readonly error: string
  /** Only errors with this description, where the provider has no code for it. Nothing that protects depends on it. */
  readonly description?: RegExp
  readonly places: readonly ErrorPlace[]
  readonly reason: InteractionReason
}

const REFRESH: readonly ErrorPlace[] = ['refresh']
const AUTHORIZATION: readonly ErrorPlace[] = ['authorization']
const BOTH: readonly ErrorPlace[] = ['refresh', 'authorization']

/**
 * The errors that no specification defines. Most providers refuse a dead refresh token with `invalid_grant` as RFC 6749
 * section 5.2 says, and differ in the description only: Keycloak ("Token is not active", "Session not active", "Offline
 * user session not found"), Okta ("The refresh token is invalid or expired."), PingFederate ("unknown, invalid, or
 * expired refresh token"), PingAM ("grant is invalid"), Cognito ("Refresh Token has expired"), AD FS ("MSIS9615: …"),
 * Salesforce ("expired access/refresh token"), Auth0 ("Unknown or invalid refresh token."). Those need no row.
 */
const dialects: readonly Dialect[] = [
  // Keycloak: the sign-in page of this tab expired, and the user signed in in another tab. Its guide for developers
  // says to start the sign-in again at once ("authentication_expired").
  {
    error: 'temporarily_unavailable',
    description: /^authentication_expired$/,
    places: AUTHORIZATION,
    reason: 'login',
  },
  // The same as a code of its own: gateways in front of Keycloak pass the description on as the error.
  { error: 'authentication_expired', places: BOTH, reason: 'login' },
  // Not registered (RFC 6749 section 11.4): gateways and session servers that own the session name it so.
  { error: 'session_expired', places: BOTH, reason: 'login' },
  // Ory Hydra: fosite's `ErrInactiveToken`, with status 401.
  { error: 'token_inactive', places: REFRESH, reason: 'login' },
  // The name is of RFC 6750 section 3.1, for resource servers. Some token endpoints use it for a refresh token.
  { error: 'invalid_token', places: REFRESH, reason: 'login' },
  // The name is of RFC 8628 section 3.5, for device codes. PingAM (ForgeRock) uses it for other tokens as well.
  { error: 'expired_token', places: REFRESH, reason: 'login' },
  // Auth0, with status 403: a rule wants another factor before it lets the refresh token be redeemed.
  { error: 'mfa_required', places: REFRESH, reason: 'mfa' },
  // Okta: "Policy evaluation failed for this request". A policy that silence does not meet, a sign-in may meet.
  { error: 'access_denied', places: REFRESH, reason: 'interaction' },
  // Salesforce, "OAuth Error Codes": an administrator froze the user, or the organization is locked. The refresh token
  // is of no more use; another user may sign in.
  { error: 'inactive_user', places: REFRESH, reason: 'login' },
  { error: 'inactive_org', places: REFRESH, reason: 'login' },
  // Amazon Cognito's API, behind gateways that pass the name of its exception on ("Refresh Token has been revoked").
  { error: 'NotAuthorizedException', places: REFRESH, reason: 'login' },
  // Zitadel answers a refresh token that it cannot read as a failure of the server (older versions with status 500).
  {
    error: 'server_error',
    description: /\bErrors\.(?:OIDCSession|User)\.RefreshToken/,
    places: REFRESH,
    reason: 'login',
  },
]

/** The meaning of errors that no specification defines. */
export const dialectReason = (
  { error, description = '' }: OAuthErrorDetails,
  place: ErrorPlace,
): InteractionReason | undefined =>
  dialects.find(
    (row) =>
      row.error === error &&
      row.places.includes(place) &&
      (row.description === undefined || row.description.test(description)),
  )?.reason

/**
 * True for the authorization response by which Keycloak says that the sign-in page of this tab expired while the user
 * signed in elsewhere: the same request, sent once more, is likely to be answered at once.
 */
export const isAuthenticationExpired = ({ error, description }: OAuthErrorDetails): boolean =>
  error === 'authentication_expired' ||
  (error === 'temporarily_unavailable' && description === 'authentication_expired')
