import type { Account } from '@carnet/core'
import type { AuthorizationRequest } from './authorization.ts'
import type { ServiceRequest } from './requests.ts'
import type { AuthenticationResult } from './result.ts'

/** The beginning of a sign-in to a web app. */
export interface SignInRequest extends AuthorizationRequest {
  /**
   * The page of the app that the user comes back to: a path, or a URL of the origin of `redirectUri`. Default `/`.
   *
   * @throws AuthError `invalid_request` for a URL of another origin: it would be an open redirect.
   */
  readonly returnTo?: string | undefined
  /**
   * `form_post`: the response is the body of a POST, so the code is in no URL. Its cookie is `SameSite=None`, and the app must be
   * served over https. Default `query`.
   */
  readonly responseMode?: 'query' | 'form_post' | undefined
  /** The request of the browser. With it, cookies of abandoned sign-ins are deleted. */
  readonly request?: Request | undefined
}

/** A sign-in that has begun. Send `response`, or redirect to `url` and set `cookies`. */
export interface SignInBegun {
  /** The URL of the authorization request. */
  readonly url: string
  /** The `Set-Cookie` value with the sealed transaction. It names the browser that began the sign-in. */
  readonly cookie: string
  /** All `Set-Cookie` values: `cookie`, and deletions of cookies of abandoned sign-ins. */
  readonly cookies: readonly string[]
  /** A redirect to `url` that sets `cookies`. */
  readonly response: Response
}

/** A completed sign-in. */
export interface SignInFinished {
  readonly account: Account
  /** The page of the app to redirect to: a path with query and fragment. */
  readonly returnTo: string
  /** The tokens of the sign-in. They are in the cache too. */
  readonly result: AuthenticationResult
  /** `Set-Cookie` values that delete the cookie of the transaction. */
  readonly cookies: readonly string[]
}

/** The sign-in of users to a web app. It may begin on one machine and end on another, if both have the same `cache.keys`. */
export interface SignIn {
  /** Creates the authorization request, with PKCE, `state` and `nonce`. */
  begin(request: SignInRequest): Promise<SignInBegun>
  /**
   * Validates the response and the ID token with its signature, redeems the code without a look into the cache, and stores the
   * tokens in the partition of the user.
   *
   * @param request The request to `redirectUri`: a GET, or the POST of `form_post`.
   * @param options.signal Ends the waiting of the caller. The code is still redeemed, and the tokens are stored.
   * @throws AuthError `transaction_not_found` for a replay, or for a response of another browser; `transaction_expired`.
   * @throws AuthError `issuer_identification_failed` (RFC 9207), `access_denied`, `invalid_id_token`, `authorization_failed`.
   */
  finish(
    request: Request,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<SignInFinished>
}

/** The time until which a user's tokens can be acquired without the user. */
export interface UserForecast {
  /** The time at which the last of the cached access tokens expires; `undefined` if none is valid. */
  readonly accessTokenEndsOn: Date | undefined
  /** The time until which tokens can be acquired silently; `undefined` if it is not known. */
  readonly silentUntil: Date | undefined
  /**
   * The source of `silentUntil`. `refresh_token`: the provider stated the expiry of the refresh token. `entra_90d`: Entra ends a
   * refresh token that was not used for 90 days. `access_token`: there is no refresh token. `unknown`: there is no source.
   */
  readonly cause: 'refresh_token' | 'entra_90d' | 'access_token' | 'unknown'
}

/** The end of a user's tokens. */
export interface UserSignOutRequest {
  /** The page of the app that the provider redirects to after its own sign-out. It must be registered there. */
  readonly postLogoutRedirectUri?: string | undefined
  /** The provider returns it to the page. */
  readonly state?: string | undefined
}

/** The tokens of one user, who signed in to the web app. Any process that shares the store can use them. */
export interface UserTokens {
  /**
   * Gets a token without the user: from the cache, else with the refresh token.
   *
   * @throws InteractionRequiredError with the reason `no_account` if the store has no tokens of the user; else if the user must
   * act.
   */
  acquireTokenSilent(request: ServiceRequest): Promise<AuthenticationResult>
  /** Reads the account from the store; `undefined` if the user is not signed in. */
  account(): Promise<Account | undefined>
  /** Predicts how long a job can act for the user, without a request. */
  forecast(): Promise<UserForecast>
  /**
   * Deletes all tokens of the user, in every process.
   *
   * @returns The URL that ends the session at the provider (RP-Initiated Logout 1.0); `undefined` if the provider has none.
   */
  signOut(request?: UserSignOutRequest): Promise<{ readonly url: string | undefined }>
  /** The URL of `signOut`. No token is deleted. */
  signOutUrl(request?: UserSignOutRequest): Promise<{ readonly url: string | undefined }>
}
