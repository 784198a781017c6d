import type { AuthorityProfile } from '../authority/authority-profile.ts'
import type { OAuthErrorDetails } from '../errors.ts'
import type { InteractionReason } from '../interaction-required.ts'

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

/** How providers other than by `invalid_grant` say that a refresh token is dead, or alone not enough. */
const byRefreshError: Readonly<Record<string, InteractionReason>> = {
  token_inactive: 'login',
  invalid_token: 'login',
  mfa_required: 'mfa',
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

/**
 * The same where a refresh token was refused, which some providers call by names of their own. Where a plain provider
 * calls the request invalid, it means the token, or what was asked beyond its grant: a new sign-in brings both.
 */
export function refreshRefusalReason(
  oauth: OAuthErrorDetails,
  profile: AuthorityProfile,
): InteractionReason | undefined {
  const { error } = oauth
  const named = Object.hasOwn(byRefreshError, error) ? byRefreshError[error] : undefined
  const isDead = profile === 'oidc' && error === 'invalid_request'
  return interactionReason(oauth) ?? named ?? (isDead ? 'login' : undefined)
}

/** True where Entra says that the refresh token itself is no good, whoever is asked to take it. */
export const meansTokenItself = (oauth: OAuthErrorDetails): boolean =>
  oauth.suberror === 'bad_token' || interactionReason(oauth) === 'refresh_token_expired'
