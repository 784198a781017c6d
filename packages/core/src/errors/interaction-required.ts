import type { Account } from '../accounts/account.ts'
import { AuthError, type AuthErrorDetails, isAuthError } from './errors.ts'

/** Why no token can be acquired silently. */
export type InteractionReason =
  | 'no_account'
  | 'no_tokens'
  | 'login'
  | 'consent'
  /** An administrator must consent, not the user. */
  | 'admin_consent'
  /** The provider asks for another factor. */
  | 'mfa'
  /** The provider requires claims that the token does not have; `request.claims` names them. */
  | 'claims'
  /** The refresh token has expired: on Entra, 24 hours after the sign-in of a single-page app. */
  | 'refresh_token_expired'
  /** The browser no longer has the key that the tokens are bound to (DPoP). */
  | 'key_lost'
  | 'account_selection'
  | 'interaction'
  /** The browser blocks the provider's cookies in the hidden iframe. */
  | 'third_party_cookies'
  /** The hidden iframe got no response; `cause` says why. */
  | 'iframe_failed'

/** The request for an interactive call that continues where the silent call stopped. Pass it on unchanged. */
export interface InteractionHint {
  readonly scopes: readonly string[]
  readonly extraScopesToConsent?: readonly string[] | undefined
  /** The account of the token; absent if no user is signed in. */
  readonly account?: Account | undefined
  readonly resource?: string | undefined
  readonly loginHint?: string | undefined
  readonly claims?: string | undefined
  readonly authority?: string | undefined
  readonly extraParameters?: Readonly<Record<string, string>> | undefined
  readonly tokenParameters?: Readonly<Record<string, string>> | undefined
  readonly maxAgeMs?: number | undefined
}

/** No token can be acquired without the user. Pass `request` to an interactive call. */
export class InteractionRequiredError extends AuthError {
  override readonly name = 'InteractionRequiredError'
  readonly reason: InteractionReason
  readonly request: InteractionHint

  constructor(
    reason: InteractionReason,
    message: string,
    request: InteractionHint,
    details: AuthErrorDetails = {},
  ) {
    super('interaction_required', message, details)
    this.reason = reason
    this.request = request
  }
}

/** True for an `InteractionRequiredError`, also when two copies of the library are on the page. */
export function isInteractionRequired(value: unknown): value is InteractionRequiredError {
  return isAuthError(value, 'interaction_required')
}
