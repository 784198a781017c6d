import type { Account } from '../accounts/account.ts'
import { AuthError, type AuthErrorDetails, isAuthError } from './errors.ts'

/** Why silence is not possible. */
export type InteractionReason =
  | 'no_account'
  | 'no_tokens'
  | 'login'
  | 'consent'
  /** An administrator has to agree, not the user. */
  | 'admin_consent'
  /** Another factor is wanted. */
  | 'mfa'
  /** The provider wants claims that the token does not have; `request.claims` says which. */
  | 'claims'
  /** The refresh token came to its end: on Entra, 24 hours after the sign-in of a single-page app. */
  | 'refresh_token_expired'
  | 'account_selection'
  | 'interaction'
  /** The browser keeps the provider's cookies from the hidden frame. */
  | 'third_party_cookies'
  /** The hidden frame got no answer; `cause` says why. */
  | 'iframe_failed'

/** What an interactive call needs in order to go on where the silent one stopped: pass it on as it is. */
export interface InteractionHint {
  readonly scopes: readonly string[]
  readonly extraScopesToConsent?: readonly string[] | undefined
  /** Whose token it is; nothing where nobody is signed in. */
  readonly account?: Account | undefined
  readonly resource?: string | undefined
  readonly loginHint?: string | undefined
  readonly claims?: string | undefined
  readonly authority?: string | undefined
  readonly extraParameters?: Readonly<Record<string, string>> | undefined
  readonly tokenParameters?: Readonly<Record<string, string>> | undefined
  readonly maxAgeMs?: number | undefined
}

/** A token cannot be had without the user. Pass `request` to an interactive call. */
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

/** True for the error that asks for the user, also when two copies of the library are on the page. */
export function isInteractionRequired(value: unknown): value is InteractionRequiredError {
  return isAuthError(value, 'interaction_required')
}
