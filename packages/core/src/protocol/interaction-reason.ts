import type { AuthorityProfile } from '../dialects/authority-profile.ts'
import type { OAuthErrorDetails } from '../errors/errors.ts'
import type { InteractionReason } from '../errors/interaction-required.ts'
import { dialectReason } from './provider-errors.ts'

/** Error codes that mean that the user must act (OpenID Connect Core 3.1.2.6, RFC 6749 5.2, RFC 8707 2). */
const byError: Readonly<Record<string, InteractionReason>> = {
  login_required: 'login',
  invalid_grant: 'login',
  consent_required: 'consent',
  invalid_scope: 'consent',
  invalid_target: 'consent',
  account_selection_required: 'account_selection',
  interaction_required: 'interaction',
}

/** What Entra's AADSTS numbers mean, whatever the error is called. */
const byNumber: Readonly<Record<number, InteractionReason>> = {
  65001: 'consent',
  65004: 'consent',
  90094: 'admin_consent',
  90095: 'admin_consent',
  50072: 'mfa',
  50074: 'mfa',
  50076: 'mfa',
  50079: 'mfa',
  700082: 'refresh_token_expired',
  700084: 'refresh_token_expired',
}

/** What Entra's `suberror`s mean. */
const bySuberror: Readonly<Record<string, InteractionReason>> = {
  consent_required: 'consent',
  basic_action: 'interaction',
  additional_action: 'interaction',
  message_only: 'interaction',
  user_password_expired: 'login',
  bad_token: 'login',
}

/** Why the user must act, where the server's error says so. */
export function interactionReason({
  error,
  suberror = '',
  claims,
  codes = [],
}: OAuthErrorDetails): InteractionReason | undefined {
  const numbered = codes.map((code) => byNumber[code]).find((reason) => reason !== undefined)
  const general = Object.hasOwn(byError, error) ? byError[error] : undefined
  if (numbered !== undefined || general === undefined) return numbered
  const finer = Object.hasOwn(bySuberror, suberror) ? bySuberror[suberror] : undefined
  return (claims === undefined ? undefined : 'claims') ?? finer ?? general
}

/** Why the user must act after an authorization response with an error, dialects included. */
export const authorizationErrorReason = (oauth: OAuthErrorDetails): InteractionReason | undefined =>
  interactionReason(oauth) ?? dialectReason(oauth, 'authorization')

/**
 * Codes by which a plain provider refuses the refresh, and not the client. It calls the request invalid and means the
 * token, or scopes beyond its grant; or the client may not use the grant type `refresh_token` any more (RFC 6749
 * section 5.2). A sign-in uses another grant type and brings new tokens.
 */
const REFUSED_BY_PLAIN: readonly string[] = [
  'invalid_request',
  'unauthorized_client',
  'unsupported_grant_type',
]

/** Why the user must act after the refusal of a refresh token. */
export function refreshRefusalReason(
  oauth: OAuthErrorDetails,
  profile: AuthorityProfile,
): InteractionReason | undefined {
  const isRefused = profile === 'oidc' && REFUSED_BY_PLAIN.includes(oauth.error)
  return (
    interactionReason(oauth) ?? dialectReason(oauth, 'refresh') ?? (isRefused ? 'login' : undefined)
  )
}

/** True where Entra says that the refresh token itself is no good, whoever is asked to take it. */
export const meansTokenItself = (oauth: OAuthErrorDetails): boolean =>
  oauth.suberror === 'bad_token' || interactionReason(oauth) === 'refresh_token_expired'
