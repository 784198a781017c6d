import type { OAuthErrorDetails } from '../errors/errors.ts'
import type { InteractionReason } from '../errors/interaction-required.ts'
import { type ErrorPlace, reasonOfProvider } from './provider-errors.ts'

/** Error codes for which the user must act (OpenID Connect Core section 3.1.2.6, RFC 6749 section 5.2, RFC 8707 section 2). */
const byError: Readonly<Record<string, InteractionReason>> = {
  login_required: 'login',
  invalid_grant: 'login',
  consent_required: 'consent',
  invalid_scope: 'consent',
  invalid_target: 'consent',
  account_selection_required: 'account_selection',
  interaction_required: 'interaction',
}

/** Reasons by Entra's AADSTS numbers, for any `error`. Gateways in front of Entra pass the numbers on. */
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

/** Reasons by Entra's `suberror`. */
const bySuberror: Readonly<Record<string, InteractionReason>> = {
  consent_required: 'consent',
  basic_action: 'interaction',
  additional_action: 'interaction',
  message_only: 'interaction',
  user_password_expired: 'login',
  bad_token: 'login',
}

/** The reason why the user must act, by the specifications and by Entra; `undefined` for all other errors. */
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

/** The reason why the user must act after an error of any provider. */
export const knownReason = (
  oauth: OAuthErrorDetails,
  place: ErrorPlace,
): InteractionReason | undefined => interactionReason(oauth) ?? reasonOfProvider(oauth, place)

/** True if an error refuses the refresh token itself, for every tenant. */
export const meansTokenItself = (oauth: OAuthErrorDetails): boolean =>
  oauth.suberror === 'bad_token' || interactionReason(oauth) === 'refresh_token_expired'
