import type { Account } from '@carnet/core'
import type { ApiCalls } from './api-calls.ts'
import type {
  ExchangeRequest,
  LongRunningRequest,
  OnBehalfOfRequest,
  ServiceRequest,
  SessionRequest,
} from './requests.ts'
import type { AuthenticationResult } from './result.ts'
import type { SignIn, UserTokens } from './web-app.ts'

/**
 * A confidential client (RFC 6749 section 2.1). Create one for the life of the process: it holds the tokens of all users, and
 * no token reaches another user. Every method rejects with an `AuthError` that has a code and a hint.
 */
export interface ConfidentialClient extends ApiCalls {
  /**
   * Gets a token for the app itself: from the cache, else by client credentials (RFC 6749 section 4.4).
   *
   * @throws AuthError `invalid_request` on Entra if the authority names no tenant, or for other scopes than one `.default`.
   */
  acquireTokenForApp(request: ServiceRequest): Promise<AuthenticationResult>
  /**
   * Gets a token for the user of an access token that the app's API received: on Entra by the on-behalf-of flow, at other
   * providers by token exchange (RFC 8693) or by the JWT bearer grant (RFC 7523).
   *
   * @throws InteractionRequiredError if the user must act: answer with `toChallenge(error)`.
   */
  acquireTokenOnBehalfOf(request: OnBehalfOfRequest): Promise<AuthenticationResult>
  /** Exchanges a token (RFC 8693). */
  exchange(request: ExchangeRequest): Promise<AuthenticationResult>
  /** The sign-in of users to a web app (authorization code flow). */
  readonly signIn: SignIn
  /**
   * Gives the tokens of a user who signed in, also on another machine and in a job.
   *
   * @param user The account, or its `id`.
   */
  forUser(user: Account | string): UserTokens
  readonly longRunning: LongRunning
  /** Deletes all tokens of the app itself, in every process. */
  clearApp(): Promise<void>
  /** The state of the cache, for a health check or for metrics. */
  health(): CacheHealth
  /**
   * Ends the client: further calls reject. It resolves when the requests on the way are answered and stored, so await it before
   * the process ends, and before you close the connection of a store. Otherwise a rotated refresh token may be lost.
   */
  close(): Promise<void>
}

/** Jobs that continue without their users, with a refresh token (long-running on-behalf-of). */
export interface LongRunning {
  /**
   * Begins a job, or continues it with a newer assertion. The same assertion again is answered from the cache.
   *
   * @throws AuthError `no_refresh_token` if the provider issues no refresh token.
   */
  begin(
    request: LongRunningRequest,
  ): Promise<{ readonly key: string; readonly result: AuthenticationResult }>
  /**
   * Gets a token for the job, in any process that shares the store.
   *
   * @throws AuthError `session_not_found` if no job has the key.
   * @throws InteractionRequiredError if the refresh token is no longer valid.
   */
  acquireToken(request: SessionRequest): Promise<AuthenticationResult>
  /** Deletes all tokens of the job, in every process. */
  end(key: string): Promise<void>
}

/** The state of the cache. */
export interface CacheHealth {
  /** The tokens in the memory of this process, and their size in bytes. */
  readonly memory: { readonly tokens: number; readonly bytes: number; readonly maxBytes: number }
  /** The answers from memory, from the store and from the provider. */
  readonly answers: { readonly memory: number; readonly store: number; readonly provider: number }
  /** `none`: no shared store. `down`: memory serves alone until the store answers again. */
  readonly store: 'none' | 'up' | 'down'
  /** The mean time of the last operations on the store, in milliseconds; `undefined` before the first one. */
  readonly storeLatencyMs: number | undefined
  /** Settings of the store that may lose records, such as a `maxmemory-policy` of Redis that evicts. */
  readonly storeWarnings: readonly string[]
  /** The locks over all machines that this process took, and its longest wait for one, in milliseconds. */
  readonly locks: { readonly taken: number; readonly longestWaitMs: number }
  /** The records that no key of the keyring opened, or that were changed by hand. They were ignored. */
  readonly unreadableRecords: number
  /** The oldest key of the keyring that opened a record. A key that is older than it is no longer needed. */
  readonly oldestKeyInUse: string | undefined
}
