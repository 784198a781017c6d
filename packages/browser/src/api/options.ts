import type { AuthorityProfile, LogLevel, RecordStore } from '@carnet/core'
import type { ResourceRules } from '@carnet/core/resources'
import type { UserChallenge } from './resource-calls.ts'

/** The options of `createAuthClient`. Only `clientId` and `authority` are required. */
export interface AuthClientOptions {
  /** The client id of the app at the provider (RFC 6749 section 2.2). */
  clientId: string
  /**
   * The issuer: an https URL, or http on this machine. It must equal the `issuer` of the discovery document, except for a slash
   * at the end; otherwise set `issuer`. On Entra it may be a tenant, a domain or an alias such as `common`.
   */
  authority: string
  /**
   * The issuer that the discovery document and the ID tokens name, if it is not the `authority`: for a provider behind a proxy or
   * behind a custom domain. Not for Entra, whose issuer depends on the tenant. Default: the `authority`.
   */
  issuer?: string | undefined
  /**
   * The URL of the discovery document of the `authority`, if it is not at the usual path (OpenID Connect Discovery 1.0 section 4,
   * RFC 8414 section 3). An https URL, or http on this machine. Default: by the `authority`.
   */
  metadataUrl?: string | undefined
  /**
   * Members of the discovery document (OpenID Connect Discovery 1.0 section 3), if the document of the provider is wrong or
   * cannot be read. With `issuer`, `authorization_endpoint` and `token_endpoint`, Carnet makes no discovery request. With fewer
   * members it reads the document, and the members here override it. The issuer must be `issuer`, or fit `authority`. Default: none.
   */
  metadata?: Readonly<Record<string, unknown>> | undefined
  /**
   * The dialect of the authority: `entra` for Microsoft Entra ID (also External ID and B2C), `auth0` for Auth0, `oidc` for every
   * other provider. Auth0 names an API by `audience` instead of `resource`. Default `auto`: by the host.
   */
  authorityProfile?: 'auto' | AuthorityProfile | undefined
  /** Client capabilities for Entra, sent with each request: `cp1` for claims challenges. Default: none. */
  clientCapabilities?: readonly string[] | undefined
  /**
   * Claims that each request asks for in the ID token, as voluntary claims (OpenID Connect Core section 5.5.1): `login_hint` on
   * Entra, for example. They belong to no key of a token. Default: none.
   */
  idTokenClaims?: readonly string[] | undefined
  /** The redirect URI for authorization responses, resolved against the page's origin. Default `/`. */
  redirectUri?: string | undefined
  /**
   * The page after a sign-out at the provider, which must know this URL; resolved against the origin. A popup closes
   * automatically only if the page is on this origin. `null` sends no URI. Default: the redirect URI.
   */
  postLogoutRedirectUri?: string | null | undefined
  /** The scopes of every sign-in, in addition to `openid` and `defaultScopes`. Default: none. */
  scopes?: readonly string[] | undefined
  /**
   * The scopes that Carnet adds to every request. Default `['profile', 'offline_access']`; `[]` adds no scopes. `openid` is
   * always sent, because Carnet validates ID tokens. Without `offline_access` most providers give no refresh token.
   */
  defaultScopes?: readonly ('profile' | 'offline_access')[] | undefined
  /**
   * The part of the redirect URI that carries the response. Default `fragment`, which servers never see, or `query` if the
   * provider does not support `fragment`.
   */
  responseMode?: 'fragment' | 'query' | undefined
  /**
   * `take` (default): `createAuthClient` completes the response to a redirect in the URL. `leave`: it leaves such a response in the
   * URL, until the app calls `completeRedirect`. Responses in popups and hidden iframes are always passed on.
   */
  response?: 'take' | 'leave' | undefined
  cache?: CacheOptions | undefined
  /**
   * The tabs that share an active account, which is the account for requests without `account`.
   *
   * - `shared` (default): all tabs of the browser. A sign-in, or `setActiveAccount`, in any tab changes it in every tab. A
   *   running page gets the event `activeAccountChanged` before it gets a token of the other account.
   * - `tab`: each tab has its own. A sign-in in another tab adds its account to `accounts` and changes nothing else. The
   *   choice survives a reload, and a duplicated tab starts with it. A new tab starts with the account that any tab made
   *   active last. `sessionStorage` holds the key of the account, never a token.
   */
  activeAccount?: 'shared' | 'tab' | undefined
  /**
   * `worker` holds refresh tokens in the memory of a worker: a script that loads after Carnet cannot read them. All tabs share
   * the worker where the browser has shared workers, else each page has its own. The refresh tokens end with the worker: in
   * Chromium some seconds after the last tab, in other browsers with the last tab. A later page gets tokens through the hidden
   * iframe, or with the user. Requests of the worker do not use the option `fetch`. Default `page`.
   */
  tokens?: 'page' | 'worker' | undefined
  /**
   * Creates the worker, if bundlers cannot ship its file; see `@carnet/browser/inline-worker`. A dedicated worker serves
   * `tokens: 'worker'` in its own page only. Default: the file of the package.
   */
  tokenWorker?: (() => Worker | SharedWorker) | undefined
  /**
   * Registers a service worker that sends token requests, so that an answer survives its page in every browser. The file is
   * `carnet.service-worker.min.js`, or the app's own service worker with `import '@carnet/browser/service-worker'`. It has an
   * effect with `tokens: 'page'` only. Default: none; then a shared worker sends the requests.
   */
  tokenServiceWorker?: (() => Promise<ServiceWorkerRegistration>) | undefined
  /**
   * Verifies the signatures of ID tokens with the provider's keys. Default false: ID tokens come directly from the token
   * endpoint over TLS, which OpenID Connect Core section 3.1.3.7 accepts instead.
   */
  verifyIdTokenSignature?: boolean | undefined
  renewal?: RenewalOptions | undefined
  interaction?: InteractionOptions | undefined
  silent?: SilentOptions | undefined
  signOut?: SignOutOptions | undefined
  /**
   * Further parameters of every sign-in, by their wire names; see `extraParameters` of a request, which overrides them. Later requests
   * of an account repeat the parameters of its sign-in, so a change has an effect from the next sign-in on. Default: none.
   */
  extraParameters?: Readonly<Record<string, string>> | undefined
  /** Further parameters of the token requests of every sign-in; see `tokenParameters` of a request. Default: none. */
  tokenParameters?: Readonly<Record<string, string>> | undefined
  /**
   * Further headers of requests to the provider, except navigations. The browser asks the provider before (a CORS preflight): the
   * provider must allow each header. Default: none.
   */
  requestHeaders?: Readonly<Record<string, string>> | undefined
  /** The timeout of a request to the provider, including the body, in milliseconds. Default 10 000. */
  requestTimeoutMs?: number | undefined
  /** Receives log lines: names and codes, never a secret. */
  logger?: ((entry: LogEntry) => void) | undefined
  /**
   * Replaces the global `fetch` in requests to the provider. The page then sends token requests itself, so an answer that
   * arrives after the page has gone is lost.
   */
  fetch?: typeof fetch | undefined
  /** Replaces `Date`. */
  clock?: { now(): number } | undefined
  /**
   * Binds tokens to a key of this browser (RFC 9449): a stolen token is useless without the key, which no script can export.
   * `true`: the provider must bind its tokens. `prefer`: bearer tokens are accepted, if the provider supports nothing else.
   * Each grant has its own key. Default false.
   *
   * `{ key: 'worker' }` is `true`, and the key is in the memory of the worker only. It needs `tokens: 'worker'`. The worker proves
   * token requests itself, and requests to the URLs of `resources` and to the userinfo endpoint for the page. Access tokens stay
   * in the memory of the page. A script that was injected can use tokens while it runs, but it cannot take the key, a proof for
   * the token endpoint, or a proof for a later time. The key ends with the worker, as refresh tokens do. A sign-in by redirect
   * sends no `dpop_jkt`, because the worker may end meanwhile. An API must have the time of the provider, or of the app's server.
   */
  dpop?: boolean | 'prefer' | { readonly key: 'worker' } | undefined
  /** The algorithm of the proofs. Default: `ES256`, or `Ed25519` if the provider supports only that. */
  dpopAlgorithm?: 'ES256' | 'Ed25519' | undefined
  /**
   * `always` sends the parameters of each authorization request directly to the provider (RFC 9126), so that the URL does not
   * contain them. It costs a request, and the provider must allow CORS at the endpoint. Default `auto`: only if the provider
   * requires it.
   */
  par?: 'auto' | 'always' | undefined
  /**
   * The URLs that `auth.fetch` sends tokens to, with the scopes of the tokens. A key is a path of the page's origin or an https
   * URL, without query and fragment. It covers itself and all paths below it, and the longest key wins. `null`: requests below
   * the key never get a token. Default: none.
   */
  resources?: ResourceRules | undefined
  /**
   * Called if a challenge of an API needs the user, once for all calls that failed alike. Show a dialog, and call
   * `challenge.resolve('popup')` in the handler of its button. The calls wait until `resolve` or `refuse` is called. Default:
   * the calls reject with `InteractionRequiredError`. `snapshot` shows the challenge in `auth.snapshot().challenge` instead, for
   * the dialog of a framework binding.
   */
  onChallenge?: ((challenge: UserChallenge) => unknown) | 'snapshot' | undefined
  /**
   * Reads the metadata of an API (RFC 9728) if its challenge names the address, and requests the scopes of the metadata. The
   * metadata must be on the origin of the API, and must name the issuer of the client. Default false.
   */
  discoverResources?: boolean | undefined
}

export interface CacheOptions {
  /**
   * `indexeddb` (default) survives a restart of the browser, and all tabs share it. `session` ends with the tab, and `memory`
   * with the page.
   */
  location?: 'indexeddb' | 'session' | 'memory' | undefined
  /** The name of the database. Apps on one origin that must not share a cache use different names. Default `carnet`. */
  name?: string | undefined
  /**
   * The app's own store for tokens, accounts and consents, instead of `location`. Its values are sealed. Pending sign-ins and
   * the key stay in IndexedDB.
   */
  store?: RecordStore | undefined
  /** Asks the browser not to evict the storage of this origin (`navigator.storage.persist`). Default false. */
  persist?: boolean | undefined
}

export interface RenewalOptions {
  /**
   * Renews used tokens before they expire, and warns before silent renewal ends (`interactionExpected`). `startRenewal` and
   * `stopRenewal` change it later. Default true.
   */
  enabled?: boolean | undefined
  /** The lead time in milliseconds. Short-lived tokens are renewed in the last fifth of their lifetime. Default 300 000. */
  leadTimeMs?: number | undefined
  /**
   * Goes on renewing tokens that no call has used since their last renewal. Default false: a page that nobody uses lets its tokens
   * expire, and the next call renews them.
   */
  unused?: boolean | undefined
}

export interface InteractionOptions {
  /**
   * Called before a sign-in or a sign-out leaves the page, with the URL that the page would navigate to. With `false` the page
   * stays, and the pending request stays valid: the app navigates itself, or passes a response to `completeRedirect`. Then
   * `signOut` resolves, and other calls reject with `navigation_stopped`. With this function, `signOut.method: 'auto'` never posts.
   */
  leave?:
    | ((url: string, about: LeaveDetails) => boolean | undefined | Promise<boolean | undefined>)
    | undefined
  /** The redirect URI of requests in popups, on this origin, without fragment. Default: the redirect URI. */
  popupRedirectUri?: string | undefined
  /** The `features` of `window.open` for popups. Default: a small, centred window. */
  popupFeatures?: string | undefined
  /** The longest time for an interaction in a popup, in milliseconds. Default: no limit. */
  timeoutMs?: number | undefined
  /**
   * The longest time for a sign-in by redirect, in milliseconds, from leaving the page to the response. A later response is
   * refused with `transaction_expired`. Default 3 600 000, because a registration with e-mail confirmation takes long.
   */
  transactionLifetimeMs?: number | undefined
  /**
   * Allows redirects if the page is in an iframe. The iframe then shows the provider, which most providers refuse
   * (`X-Frame-Options`, `frame-ancestors`). Default false: such calls reject with `redirect_in_iframe`.
   */
  allowRedirectInIframe?: boolean | undefined
}

/** The reason why the page is about to be left. */
export interface LeaveDetails {
  readonly kind: 'signIn' | 'signOut'
}

export interface SilentOptions {
  /** The redirect URI of requests in hidden iframes, on this origin, without fragment. Default: the redirect URI. */
  redirectUri?: string | undefined
  /** Uses a hidden iframe if the refresh token cannot get a token. Default true. */
  iframe?: boolean | undefined
  /** The timeout of a hidden iframe, in milliseconds. Default 10 000. */
  timeoutMs?: number | undefined
}

/** The logout request to the provider (OpenID Connect RP-Initiated Logout 1.0). Each call of `signOut` can override it. */
export interface SignOutOptions {
  /**
   * Further parameters of the end-session request, for providers that require more than the specification: `logout_uri` at
   * Amazon Cognito, `returnTo` at Auth0. Default: none.
   */
  extraParameters?: Readonly<Record<string, string>> | undefined
  /** Sends the ID token as `id_token_hint`. Default true: without it most providers ask the user. */
  idTokenHint?: boolean | undefined
  /**
   * `auto` (default): GET, or POST if the URL would be longer than 2,000 characters. On Entra, and if the user did not come
   * back from the last POST to this provider, a GET without the ID token replaces the POST, with `logout_hint`. `get` never
   * posts, and `post` always posts. A POST from another site carries no `SameSite=Lax` cookie: a provider with such a session
   * cookie must find the session by the ID token, else use `get`.
   */
  method?: 'auto' | 'get' | 'post' | undefined
}

export interface LogEntry {
  readonly level: LogLevel
  readonly message: string
}

/** The scopes that Carnet adds by default. */
export const DEFAULT_SCOPES: readonly string[] = ['profile', 'offline_access']
