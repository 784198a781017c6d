import type { Account } from '@carnet/core'
import type { SignOutOptions } from './options.ts'

/** The fields of every token request. */
export interface TokenRequest {
  /** The scopes of the token. A cached token matches by its requested or by its granted scopes. */
  scopes: readonly string[]
  /** The account of the token. Default: the active account. */
  account?: Account | undefined
  /** Another authority than the client's: a tenant of Entra in which the account may be a guest. */
  authority?: string | undefined
  /**
   * A claims request (OpenID Connect Core section 5.5) that the token must answer, as JSON. The cache never answers such a
   * request, and the token answers no request with other claims. Later requests repeat the `claims` of a sign-in, except on
   * Entra.
   */
  claims?: string | undefined
  /** The API of the token (RFC 8707), if the provider uses resource indicators. */
  resource?: string | undefined
  /**
   * Further parameters of the authorization request, by their wire names. They cannot replace parameters of the protocol.
   * They belong to the key of the token, so a request with other values never gets it. Exceptions are parameters that change
   * no token (`NEUTRAL_PARAMETERS`, such as `ui_locales` and `login_hint`). Later requests of the account repeat the
   * parameters of its sign-in, unless they override them; an empty string removes a parameter.
   */
  extraParameters?: Readonly<Record<string, string>> | undefined
  /** Further parameters of the token requests (code and refresh), by their wire names. They belong to the key too. */
  tokenParameters?: Readonly<Record<string, string>> | undefined
  /**
   * The greatest allowed age of the sign-in at the provider (`max_age`), in milliseconds. It is checked by the `auth_time` of
   * the ID token. A token of an older sign-in, or of a sign-in at an unknown time, does not answer the request.
   */
  maxAgeMs?: number | undefined
  /** Stops the wait. A renewal in progress continues, so that no rotated token is lost. */
  signal?: AbortSignal | undefined
  /** Names the request in logs and errors. Default a random id. */
  correlationId?: string | undefined
}

export interface SilentRequest extends TokenRequest {
  /** Renews the token even if the cached token is valid. Default false. */
  forceRefresh?: boolean | undefined
  /**
   * The sources that may answer, whatever `silent.iframe` says; tried in the order `cache`, `refresh` (the refresh token), `iframe`
   * (the hidden iframe). Without `cache` the token is always renewed. With `cache` alone nothing is sent, and the call rejects with
   * `no_cached_token` if no token is there. Default: all, without `iframe` if `silent.iframe` is false.
   */
  sources?: readonly TokenSource[] | undefined
  /**
   * The least remaining lifetime of a cached token, in milliseconds: a token that expires earlier is renewed. While the provider
   * cannot be reached, a shorter lifetime is accepted. Default: 30 seconds, or a tenth of the token's lifetime if that is shorter.
   */
  minLifetimeMs?: number | undefined
  /** The timeout of the hidden iframe for this request, in milliseconds. Default: `silent.timeoutMs` of the client. */
  iframeTimeoutMs?: number | undefined
}

/** A source of tokens that needs no user. */
export type TokenSource = 'cache' | 'refresh' | 'iframe'

/** A request for the token that is in the cache, if there is one. */
export interface PeekRequest
  extends Pick<
    TokenRequest,
    'scopes' | 'account' | 'resource' | 'extraParameters' | 'tokenParameters'
  > {}

export interface InteractiveRequest extends Omit<TokenRequest, 'scopes'> {
  scopes?: readonly string[] | undefined
  /** The interaction with the user. Default `redirect`. A `popup` must open in the click handler, before any `await`. */
  interaction?: 'redirect' | 'popup' | undefined
  /** OpenID Connect Core section 3.1.2.1: `login`, `consent`, `select_account`, `none`. */
  prompt?: string | undefined
  /** The expected user, for the provider's sign-in page (`login_hint`). */
  loginHint?: string | undefined
  /** The id of the provider's session to use (`sid`). */
  sid?: string | undefined
  /** The domain of the user, for providers that route by it (`domain_hint`). */
  domainHint?: string | undefined
  /** Scopes for the consent of the user, which are not part of this token. */
  extraScopesToConsent?: readonly string[] | undefined
  /** A value of the app for the result. It is stored here, and never sent. */
  state?: string | undefined
  /**
   * The URL after the response, on this origin. Default: the current URL. With `false` the user stays at the redirect URI, and
   * `returnTo` of the result names the URL where the user started.
   */
  returnTo?: string | false | undefined
  /**
   * The redirect URI of this request, on this origin, without fragment. The provider must know it. A page for popups and redirects
   * must run Carnet or `@carnet/browser/callback`; a page for hidden iframes may be blank. Default: the URI of the client for this
   * interaction.
   */
  redirectUri?: string | undefined
  /**
   * True makes the account of the response the active account, false never does. A response without the user may activate an
   * account too. Default: true for a sign-in with an interaction; for all other requests only if no account is active.
   */
  activates?: boolean | undefined
  /** The `features` of `window.open` for the popup of this request. Default: `interaction.popupFeatures` of the client. */
  popupFeatures?: string | undefined
  /**
   * Opens the popup of this request: from another window of the app, or with a name of its own. It gets the features, and must return
   * an empty window, or `null` if the browser refused. It may be called again if the user lost the popup. Default: `window.open`.
   */
  openPopup?: ((features: string) => Window | null) | undefined
  /**
   * The `nonce` of the ID token (OpenID Connect Core section 3.1.2.1), if a server of the app has created it: at least 16 characters.
   * A response from the cache has another. Default: a random value.
   */
  nonce?: string | undefined
}

export interface AcquireTokenRequest
  extends SilentRequest,
    Omit<InteractiveRequest, 'interaction' | 'scopes'> {
  /** The interaction if the user is needed: `redirect` (default), `popup`, or `none` to get an error instead. */
  interaction?: 'redirect' | 'popup' | 'none' | undefined
}

/** The user to sign in with an existing session of the provider. Without fields, any user. */
export interface SsoRequest
  extends Omit<
    InteractiveRequest,
    'interaction' | 'prompt' | 'returnTo' | 'extraScopesToConsent' | 'popupFeatures' | 'openPopup'
  > {
  /** The timeout of the hidden iframe for this request, in milliseconds. Default: `silent.timeoutMs` of the client. */
  iframeTimeoutMs?: number | undefined
}

/** The account of a userinfo request. */
export interface UserInfoRequest {
  /** Default the active account. */
  account?: Account | undefined
  /** Stops the wait. */
  signal?: AbortSignal | undefined
  /** Names the request in logs and errors. Default a random id. */
  correlationId?: string | undefined
}

/** The tokens to revoke (RFC 7009). */
export interface RevokeRequest {
  /** Default the active account. */
  account?: Account | undefined
  /** Default both. A provider may end the access tokens of a refresh token with it. */
  types?: readonly ('refresh' | 'access')[] | undefined
}

export interface SignOutRequest extends Omit<SignOutOptions, 'idTokenHint'> {
  /**
   * The account to sign out. `all` signs every account out with one visit to the provider, and visits the provider also if nobody
   * is signed in here. Default: the active account; without an active account, nothing happens.
   */
  account?: Account | 'all' | undefined
  /** Sends the ID token of the account as `id_token_hint`, or the given ID token. Default: `signOut.idTokenHint` of the client. */
  idTokenHint?: boolean | string | undefined
  /** Another authority than the account's, whose session ends. It gets hints only if the account belongs to its issuer. */
  authority?: string | undefined
  /**
   * `redirect` (default) and `popup` also end the session at the provider; `none` only removes the account here. `iframe` ends the
   * session in a hidden iframe, if the provider can be framed and gets its cookies there: it rejects with `iframe_timeout` if the
   * iframe does not come back within `silent.timeoutMs`. The account is removed here in any case.
   */
  interaction?: 'redirect' | 'popup' | 'iframe' | 'none' | undefined
  /** A value of the app for `completeSignOut`, after a redirect. It is stored here, and never sent. */
  state?: string | undefined
  /** The page after the sign-out. Default: the client's `postLogoutRedirectUri`; `null` sends no URI. */
  postLogoutRedirectUri?: string | null | undefined
  /** Names the user, so that the provider need not ask. Default: the claim `login_hint`; `null` sends no hint. */
  logoutHint?: string | null | undefined
  /** Also revokes the refresh token at the provider (RFC 7009). Default false. */
  revoke?: boolean | undefined
  /** The popup of this sign-out; see the fields of an interactive request. */
  popupFeatures?: string | undefined
  openPopup?: ((features: string) => Window | null) | undefined
  /** Names the request in events. Default a random id. */
  correlationId?: string | undefined
}
