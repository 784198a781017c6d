import { hintOf } from '#hint-of'
import type { TraceStep } from '../platform/trace-step.ts'
import type { AuthErrorCode } from './error-hints.ts'

export type { AuthErrorCode } from './error-hints.ts'

/** The error response of the server, with bounded length and no control characters. Never render it as HTML. */
export interface OAuthErrorDetails {
  /** The `error` parameter (RFC 6749 sections 4.1.2.1 and 5.2). */
  readonly error: string
  readonly description?: string
  readonly uri?: string
  /** A more specific reason of Microsoft Entra ID. */
  readonly suberror?: string
  /** The claims request to send in the next authorization request (a claims challenge). */
  readonly claims?: string
  /** Numeric codes of Microsoft Entra ID (AADSTS…). */
  readonly codes?: readonly number[]
  /** The ids of the failure at Microsoft Entra ID, for its support. */
  readonly traceId?: string
  readonly correlationId?: string
  /** The time of the failure, as Microsoft Entra ID sent it. */
  readonly timestamp?: string
}

/** The optional fields of an `AuthError`; see the fields of the same names there. */
export interface AuthErrorDetails {
  readonly cause?: unknown
  readonly correlationId?: string | undefined
  readonly oauth?: OAuthErrorDetails | undefined
  readonly retryAtMs?: number | undefined
}

/** The beginnings of the codes of transient failures. A pattern, because every page loads it first: it must be short. */
const TRANSIENT = /^(time|offl|net|server|lock|iframe_t|worker|part|other|interm|store_)/

/** The error class of Carnet. Decide on `code`, never on the text of `message`. */
export class AuthError extends Error {
  override readonly name: string = 'AuthError'
  declare readonly code: AuthErrorCode
  /** Advice for the developer of the app. In production builds: the name of the file that holds the advice. */
  declare readonly hint: string
  /** Names the request in logs. Set at the latest when the client throws the error to the app. */
  declare correlationId: string | undefined
  declare readonly oauth: OAuthErrorDetails | undefined
  /** The time of the provider's `Retry-After`, in milliseconds since the epoch. */
  declare readonly retryAtMs: number | undefined
  /** The HTTP status of the response that failed, if there was one. */
  declare status: number | undefined
  /** The `state` of the request, if the response to a sign-in failed. */
  declare state: string | undefined

  constructor(code: AuthErrorCode, message: string, details: AuthErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.hint = hintOf(code)
    this.correlationId = details.correlationId
    this.oauth = details.oauth
    this.retryAtMs = details.retryAtMs
  }

  /**
   * The steps of the token call that failed. Empty if the call failed before its first step. Calls that share a failure
   * share its trace.
   */
  get trace(): readonly TraceStep[] {
    return []
  }

  /**
   * True if the same call may succeed later without a change. The network, the provider, another tab or a file failed for
   * now; the error says nothing about the session.
   */
  get isTransient(): boolean {
    return (
      TRANSIENT.test(this.code) ||
      (this.code === 'discovery_failed' && Object(this.cause).isTransient === true)
    )
  }
}
