import { hintOf } from '#hint-of'
import type { Account } from './accounts/account.ts'
import type { AuthErrorCode } from './error-hints.ts'

export type { AuthErrorCode } from './error-hints.ts'

/** What the server said, bounded and free of control characters. It is data: never render it as HTML. */
export interface OAuthErrorDetails {
  /** The `error` parameter (RFC 6749 sections 4.1.2.1 and 5.2). */
  readonly error: string
  readonly description?: string
  readonly uri?: string
  /** Finer reason of Microsoft Entra ID. */
  readonly suberror?: string
  /** A claims request to repeat in the next authorization request. */
  readonly claims?: string
  /** Numeric codes of Microsoft Entra ID (AADSTS…). */
  readonly codes?: readonly number[]
}

export interface AuthErrorDetails {
  readonly cause?: unknown
  readonly correlationId?: string | undefined
  readonly oauth?: OAuthErrorDetails | undefined
  readonly retryAtMs?: number | undefined
}

/** The one error of Carnet. Decide on `code`, never on the text of `message`. */
export class AuthError extends Error {
  override readonly name: string = 'AuthError'
  readonly code: AuthErrorCode
  /** What the developer of the app should do; in production builds, where that is written. */
  readonly hint: string
  /** Names the request in logs; filled at the latest when the error leaves the client. */
  correlationId: string | undefined
  readonly oauth: OAuthErrorDetails | undefined
  /** When the provider wants to be asked again, in milliseconds since the epoch, where it says so (`Retry-After`). */
  readonly retryAtMs: number | undefined

  constructor(code: AuthErrorCode, message: string, details: AuthErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.hint = hintOf(code)
    this.correlationId = details.correlationId
    this.oauth = details.oauth
    this.retryAtMs = details.retryAtMs
  }
}

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

/** True for errors of Carnet, also when two copies of the library are on the page. */
export function isAuthError(value: unknown, code?: AuthErrorCode): value is AuthError {
  return (
    value instanceof Error &&
    (value.name === 'AuthError' || value.name === 'InteractionRequiredError') &&
    (code === undefined || (value as AuthError).code === code)
  )
}

/** True for the error that asks for the user, also when two copies of the library are on the page. */
export function isInteractionRequired(value: unknown): value is InteractionRequiredError {
  return isAuthError(value, 'interaction_required')
}
