import type { Account } from '@carnet/core'
import type { SignOutOptions } from './options.ts'

/** What every token request can say. */
export interface TokenRequest {
  /** What the token is for. Matched by what was asked as well as by what was granted. */
  scopes: readonly string[]
  /** Whose token; default the active account. */
  account?: Account | undefined
  /** Another authority than the client's: a tenant of Entra in which the account may be a guest. */
  authority?: string | undefined
  /**
   * A claims request (OpenID Connect Core section 5.5) that the token must answer: JSON. Never answered from the cache, and
   * the token answers no request with other claims. That of a sign-in is repeated later, except at Entra.
   */
  claims?: string | undefined
  /** The API that the token is for (RFC 8707), where the provider wants it named. */
  resource?: string | undefined
  /**
   * Further parameters of the authorization request, by their wire names; those of the protocol cannot be replaced. All
   * but those that are known to change no token (`ui_locales`, `login_hint`, `NEUTRAL_PARAMETERS`) belong to the key of
   * the token: a request with other values never gets it. Those of a sign-in are repeated by every later request of the
   * account that does not name them; an empty text leaves one out.
   */
  extraParameters?: Readonly<Record<string, string>> | undefined
  /** Further parameters of the token requests, code and refresh, by their wire names. They belong to the key as well. */
  tokenParameters?: Readonly<Record<string, string>> | undefined
  /**
   * How old the sign-in at the provider may be, in milliseconds; checked in the ID token (`auth_time`, whole seconds). A
   * token of an older sign-in is no answer, nor is one whose sign-in the provider has not told the time of.
   */
  maxAgeMs?: number | undefined
  /** Stops the waiting. A renewal that is under way goes on, so that no rotated token is lost. */
  signal?: AbortSignal | undefined
  /** Names the request in logs and errors. Default a random id. */
  correlationId?: string | undefined
}

export interface SilentRequest extends TokenRequest {
  /** Renews although a valid token is cached. */
  forceRefresh?: boolean | undefined
}

export interface InteractiveRequest extends Omit<TokenRequest, 'scopes'> {
  scopes?: readonly string[] | undefined
  /** How the user is asked. Default `redirect`. A `popup` must be opened in the click, before any `await`. */
  interaction?: 'redirect' | 'popup' | undefined
  /** OpenID Connect Core section 3.1.2.1: `login`, `consent`, `select_account`, `none`. */
  prompt?: string | undefined
  /** Whom the provider should expect at its sign-in page. */
  loginHint?: string | undefined
  /** The provider's session to go on with. */
  sid?: string | undefined
  /** The home of the user, for providers that route by it. */
  domainHint?: string | undefined
  /** Asked for consent now, without being part of this token. */
  extraScopesToConsent?: readonly string[] | undefined
  /** Comes back in the result. Kept here, never sent. */
  state?: string | undefined
  /** Where to go on after the response, on this origin. Default the page where the user is. */
  returnTo?: string | undefined
}

export interface AcquireTokenRequest
  extends SilentRequest,
    Omit<InteractiveRequest, 'interaction' | 'scopes'> {
  /** What to do if the user is needed: `redirect` (default), `popup`, or `none` to be told by an error. */
  interaction?: 'redirect' | 'popup' | 'none' | undefined
}

/** Whom to sign in by a session that the provider has. With nothing named, whoever it is. */
export interface SsoRequest
  extends Omit<
    InteractiveRequest,
    'interaction' | 'prompt' | 'returnTo' | 'extraScopesToConsent'
  > {}

/** Whom to ask the userinfo endpoint about. */
export interface UserInfoRequest {
  /** Default the active account. */
  account?: Account | undefined
  /** Stops the waiting. */
  signal?: AbortSignal | undefined
  /** Names the request in logs and errors. Default a random id. */
  correlationId?: string | undefined
}

export interface SignOutRequest extends SignOutOptions {
  /** Who signs out; default the active account. */
  account?: Account | undefined
  /** `redirect` (default) and `popup` end the provider's session too; `none` removes the account here only. */
  interaction?: 'redirect' | 'popup' | 'none' | undefined
  /** Where the provider sends the user. Default the client's `postLogoutRedirectUri`; `null` sends none. */
  postLogoutRedirectUri?: string | null | undefined
  /** Tells the provider who signs out, so that it need not ask. Default the claim `login_hint`; `null` sends none. */
  logoutHint?: string | null | undefined
  /** Ends the refresh token at the provider too (RFC 7009). Default false. */
  revoke?: boolean | undefined
}
