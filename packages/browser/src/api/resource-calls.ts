import type { Account } from '@carnet/core'
import type { AuthenticationResult } from './result.ts'

/** The fields of a call of an API, besides those of `fetch`. */
export interface CallOptions {
  /** The account of the token. Default: the active account. */
  readonly account?: Account | undefined
  /** Scopes instead of the scopes of the map. The URL must be in the map all the same. */
  readonly scopes?: readonly string[] | undefined
  /**
   * The interaction if a challenge needs the user. `none` (default) asks `onChallenge`; without it the call rejects with
   * `InteractionRequiredError`, and its `request` continues where the call stopped.
   */
  readonly interaction?: 'popup' | 'redirect' | 'none' | undefined
  /**
   * Keeps a copy of the body of a `Request`, so that the call can be repeated. Default true. A body that is a stream is never
   * kept.
   */
  readonly replay?: boolean | undefined
  /** The name of a handler of `auth.resumable`, which gets the call if the page must be left. Default: none. */
  readonly resumable?: string | undefined
}

/** The `init` of `auth.fetch`. */
export interface AuthorizedRequestInit extends RequestInit {
  readonly carnet?: CallOptions | undefined
}

/** The URL of a token for another transport: SignalR, a ticket for a socket. */
export interface TokenForOptions extends Pick<CallOptions, 'account' | 'scopes'> {
  /** The method by which the map finds the scopes. Default `GET`. */
  readonly method?: string | undefined
  /** Stops the wait. */
  readonly signal?: AbortSignal | undefined
}

/** The kind of a challenge of an API; see `docs/calling-apis.md`. */
export type ChallengeKind =
  | 'token'
  | 'claims'
  | 'step_up'
  | 'scope'
  | 'metadata'
  | 'dpop_nonce'
  | 'dpop_proof'

/** A challenge that needs the user. `onChallenge` gets it once for all calls that failed alike. */
export interface UserChallenge {
  readonly kind: ChallengeKind
  /** The key of the map. */
  readonly resource: string
  readonly account: Account
  /** The scopes of the token that the API asks for. */
  readonly scopes: readonly string[]
  /** The accepted authentication contexts (RFC 9470); empty for any. */
  readonly acrValues: readonly string[]
  /** The greatest allowed age of the sign-in (RFC 9470), in milliseconds. */
  readonly maxAgeMs: number | undefined
  /** Status and headers of the response that refused the call, without its body. */
  readonly response: Response
  /**
   * Aborts when the challenge has ended: the user has answered it, its account was removed, or every call that waits for it was
   * aborted. Close the dialog then.
   */
  readonly ended: AbortSignal
  /**
   * Asks the user. For a popup, call it in the click handler, before the first `await`. It settles as the interaction does;
   * with `redirect` the page is left.
   */
  resolve(how: 'popup' | 'redirect'): Promise<void>
  /** Ends the challenge: the calls reject with `user_cancelled`. */
  refuse(): void
}

/** A call that was stored before its page was left. */
export interface ResumedCall {
  /** The call, without a token. Send it by `auth.fetch`. */
  readonly request: Request
  /** The same value for each delivery of this call. Send it to an API that recognises repeated requests. */
  readonly idempotencyKey: string
  /** When the call was stored, in milliseconds since the epoch. */
  readonly storedAtMs: number
}

/** Calls of APIs with tokens of the map `resources`. */
export interface ResourceCalls {
  /**
   * Sends a request like the global `fetch`, with a token if the map `resources` has a key for its URL. It answers the
   * challenges of the API, and repeats the request at most three times. No token is sent to any other URL.
   *
   * @throws InteractionRequiredError if the user is needed.
   * @throws AuthError `challenge_unmet`, `resource_metadata_invalid`, or an error of the token request. An abort rejects with
   * the reason of the signal, as `fetch` does.
   */
  fetch(input: RequestInfo | URL, init?: AuthorizedRequestInit): Promise<Response>
  /**
   * Returns the request with its token, for another HTTP stack. Send it to its URL only. Without a key in the map, and with an
   * `Authorization` header of the app, it returns the request itself.
   *
   * @throws InteractionRequiredError if the user is needed.
   */
  authorize(request: Request, options?: CallOptions): Promise<Request>
  /**
   * Answers the challenge of a response, for another HTTP stack.
   *
   * @param request The request as it was sent, the result of `authorize`.
   * @returns `retry`: authorize the original request again, and repeat it. `none`: the response stands.
   * @throws As `fetch` does.
   */
  remedy(request: Request, response: Response, options?: CallOptions): Promise<'retry' | 'none'>
  /**
   * Acquires the token for a URL of the map. `wss:` counts as `https:`.
   *
   * @throws AuthError `invalid_request` if the URL gets no token. `InteractionRequiredError` if the user is needed.
   */
  tokenFor(url: string | URL, options?: TokenForOptions): Promise<AuthenticationResult>
  /**
   * Sets the handler for calls with `carnet: { resumable: name }`, and gives it the calls that were stored before the page was
   * left: each exactly once, in the same tab, and only after the user has returned successfully.
   *
   * @returns Resolves when the handler has finished with the stored calls. It rejects with the error of the handler.
   */
  resumable(name: string, handler: (call: ResumedCall) => unknown): Promise<void>
}
