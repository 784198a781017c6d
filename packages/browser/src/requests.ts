import type { Account } from '@carnet/core'

/** What every token request can say. */
export interface TokenRequest {
  /** What the token is for. Matched by what was asked as well as by what was granted. */
  scopes: readonly string[]
  /** Whose token; default the active account. */
  account?: Account
  /** The API that the token is for (RFC 8707), where the provider wants it named. */
  resource?: string
  /** Stops the waiting. A renewal that is under way goes on, so that no rotated token is lost. */
  signal?: AbortSignal
  /** Names the request in logs and errors. Default a random id. */
  correlationId?: string
}

export interface SilentRequest extends TokenRequest {
  /** Renews although a valid token is cached. */
  forceRefresh?: boolean
}

export interface InteractiveRequest extends Omit<TokenRequest, 'scopes'> {
  scopes?: readonly string[]
  /** How the user is asked. Default `redirect`. */
  interaction?: 'redirect'
  /** OpenID Connect Core section 3.1.2.1: `login`, `consent`, `select_account`, `none`. */
  prompt?: string
  /** Whom the provider should expect at its sign-in page. */
  loginHint?: string
  /** The provider's session to go on with. */
  sid?: string
  /** The home of the user, for providers that route by it. */
  domainHint?: string
  /** A `claims` parameter (OpenID Connect Core section 5.5): JSON. */
  claims?: string
  /** Asked for consent now, without being part of this token. */
  extraScopesToConsent?: readonly string[]
  /** Further parameters of the authorization request. Those of the protocol cannot be replaced. */
  extraParameters?: Readonly<Record<string, string>>
  /** Comes back in the result. Kept here, never sent. */
  state?: string
  /** Where to go on after the response, on this origin. Default the page where the user is. */
  returnTo?: string
}

export interface AcquireTokenRequest
  extends SilentRequest,
    Omit<InteractiveRequest, 'interaction' | 'scopes'> {
  /** What to do if the user is needed: `redirect` (default), or `none` to be told by an error. */
  interaction?: 'redirect' | 'none'
}

export interface SignOutRequest {
  /** Who signs out; default the active account. */
  account?: Account
  /** `redirect` (default) ends the provider's session too; `none` removes the account here only. */
  interaction?: 'redirect' | 'none'
  /** Default the client's `postLogoutRedirectUri`. */
  postLogoutRedirectUri?: string
  /** Tells the provider who signs out, so that it need not ask. */
  logoutHint?: string
}
