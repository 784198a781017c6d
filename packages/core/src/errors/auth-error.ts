import { hintOf } from '#hint-of'
import type { AuthErrorCode } from './error-hints.ts'

export type { AuthErrorCode } from './error-hints.ts'

/** The error of the server, bounded and free of control characters. It is data: never render it as HTML. */
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

/** How the codes of failures begin that pass by themselves. A page loads this before anything else, so it is short. */
const TRANSIENT = /^(time|offl|net|server|lock|iframe_t|worker|part|other|interm)/

/** The one error of Carnet. Decide on `code`, never on the text of `message`. */
export class AuthError extends Error {
  override readonly name: string = 'AuthError'
  declare readonly code: AuthErrorCode
  /** Advice for the developer of the app. In production builds: where the advice is written. */
  declare readonly hint: string
  /** Names the request in logs; filled at the latest when the error leaves the client. */
  declare correlationId: string | undefined
  declare readonly oauth: OAuthErrorDetails | undefined
  /** When the provider wants to be asked again, in milliseconds since the epoch, where it says so (`Retry-After`). */
  declare readonly retryAtMs: number | undefined

  constructor(code: AuthErrorCode, message: string, details: AuthErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.hint = hintOf(code)
    this.correlationId = details.correlationId
    this.oauth = details.oauth
    this.retryAtMs = details.retryAtMs
  }

  /**
   * True if the same call may succeed later without a change: the network, the provider, another tab or a file failed for
   * now, and nothing was said of the session.
   */
  get isTransient(): boolean {
    return (
      TRANSIENT.test(this.code) ||
      (this.code === 'discovery_failed' && Object(this.cause).isTransient === true)
    )
  }
}
