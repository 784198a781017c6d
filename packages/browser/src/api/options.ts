import type { AuthorityProfile, LogLevel, RecordStore, TabAccount } from '@carnet/core'

/** What `createAuthClient` takes. Only `clientId` and `authority` are required. */
export interface AuthClientOptions {
  /** The client id that the provider knows the app by (RFC 6749 section 2.2). */
  clientId: string
  /**
   * The issuer: an https URL, or http on this machine. Its discovery document must name it exactly, but for a slash at
   * the end; at Entra it may be a tenant, a domain or an alias such as `common`.
   */
  authority: string
  /**
   * Members of the discovery document (OpenID Connect Discovery 1.0 section 3), for a provider whose document cannot be read,
   * or is wrong. With `issuer`, `authorization_endpoint` and `token_endpoint`, Carnet makes no discovery request. With fewer
   * members it asks for the document, and the members given here win. The issuer must fit `authority`. Default none.
   */
  metadata?: Readonly<Record<string, unknown>> | undefined
  /**
   * How the authority speaks: `entra` for Microsoft Entra ID (also External ID and B2C), `oidc` for every other
   * provider. Default `auto`: by the host.
   */
  authorityProfile?: 'auto' | AuthorityProfile | undefined
  /** What the app can do, told to Entra with each request: `cp1` for claims challenges. Default nothing. */
  clientCapabilities?: readonly string[] | undefined
  /** Where the provider sends responses; resolved against the page's origin. Default `/`. */
  redirectUri?: string | undefined
  /**
   * Where the provider sends the user after sign-out: a URL that it knows, resolved against the origin. A window
   * closes by itself only where that is on this origin. `null` sends none. Default: the redirect URI.
   */
  postLogoutRedirectUri?: string | null | undefined
  /** Asked at every sign-in, beside `openid` and `defaultScopes`. Default none. */
  scopes?: readonly string[] | undefined
  /**
   * The scopes that Carnet adds to every request by itself. Default `['profile', 'offline_access']`; `[]` adds none. `openid`
   * is always sent, because Carnet validates ID tokens. Without `offline_access` most providers give no refresh token.
   */
  defaultScopes?: readonly ('profile' | 'offline_access')[] | undefined
  /**
   * The part of the redirect URI in which the response comes. Default `fragment`, which servers never see; `query` if the
   * provider lists no `fragment`.
   */
  responseMode?: 'fragment' | 'query' | undefined
  cache?: CacheOptions | undefined
  /**
   * Which tabs have the same active account, the one that a request without `account` is for.
   *
   * - `shared` (default): all tabs of the browser. The last sign-in, or `setActiveAccount`, in any tab changes it in every
   *   tab; a running page hears `activeAccountChanged` before it is given a token of the other account.
   * - `tab`: each tab has its own. A sign-in in another tab adds its account to `accounts` and changes nothing else. The
   *   choice survives a reload, and a duplicated tab starts with it; a new tab starts with the account that was made
   *   active last in any tab. `sessionStorage` keeps the key of the account, never a token.
   */
  activeAccount?: 'shared' | 'tab' | undefined
  /**
   * `worker` keeps refresh tokens, and their redemption, in a dedicated worker: a script that comes after Carnet cannot
   * read one. They end with the page; a later load gets tokens by the hidden frame, or by the user. Requests of the worker do not go
   * through `fetch`. Default `page`.
   */
  tokens?: 'page' | 'worker' | undefined
  /** Makes that worker, where the app ships its file elsewhere than bundlers put it: see `@carnet/browser/inline-worker`. */
  tokenWorker?: (() => Worker) | undefined
  /**
   * Checks the signatures of ID tokens against the provider's keys. Default false: they come straight from the token
   * endpoint over TLS, which may stand in for that (OpenID Connect Core 3.1.3.7).
   */
  verifyIdTokenSignature?: boolean | undefined
  renewal?: RenewalOptions | undefined
  interaction?: InteractionOptions | undefined
  silent?: SilentOptions | undefined
  signOut?: SignOutOptions | undefined
  /** For how long a provider may take to answer a request, body included, in milliseconds. Default 10 000. */
  requestTimeoutMs?: number | undefined
  /** Hears what happens: names and codes, never a secret. */
  logger?: ((entry: LogEntry) => void) | undefined
  /** Stands in for the global `fetch` in requests to the provider. */
  fetch?: typeof fetch | undefined
  /** Stands in for `Date`. */
  clock?: { now(): number } | undefined
  /** Tokens that are bound to a key (RFC 9449) are not there yet. */
  dpop?: false | undefined
}

export interface CacheOptions {
  /**
   * `indexeddb` (default) outlives the browser and is shared by all tabs; `session` lives as long as
   * the tab; `memory` as long as the page.
   */
  location?: 'indexeddb' | 'session' | 'memory' | undefined
  /** The name of the database: apps on one origin that share nothing use different ones. Default `carnet`. */
  name?: string | undefined
  /**
   * Where tokens and accounts lie instead of at `location`: a store of the app's own. What it is given is sealed;
   * pending sign-ins and the key stay in IndexedDB.
   */
  store?: RecordStore | undefined
  /** Asks the browser not to evict the storage of this origin (`navigator.storage.persist`). Default false. */
  persist?: boolean | undefined
}

export interface RenewalOptions {
  /** Renews tokens that are used before they expire, and tells when silence ends (`interactionExpected`). Default true. */
  enabled?: boolean | undefined
  /** How long before, in milliseconds; short-lived tokens in the last fifth of their life. Default 300 000. */
  leadTimeMs?: number | undefined
}

export interface InteractionOptions {
  /** The `features` of `window.open` for popups. Default a small window, centred. */
  popupFeatures?: string | undefined
  /** For how long the user may take in a popup, in milliseconds. Default no limit. */
  timeoutMs?: number | undefined
  /**
   * How long a sign-in by redirect may take, in milliseconds, from leaving the page to the response. A later response
   * is refused with `transaction_expired`. Default 3 600 000: a registration with e-mail confirmation takes long.
   */
  transactionLifetimeMs?: number | undefined
  /**
   * Lets a redirect start although the page is in a frame. The frame then shows the provider, which most providers
   * refuse (`X-Frame-Options`, `frame-ancestors`). Default false: such calls reject with `redirect_in_iframe`.
   */
  allowRedirectInIframe?: boolean | undefined
}

export interface SilentOptions {
  /** Asks the provider in a hidden frame where the refresh token cannot do. Default true. */
  iframe?: boolean | undefined
  /** For how long a hidden frame may take, in milliseconds. Default 10 000. */
  timeoutMs?: number | undefined
}

/** How the provider is asked to end its session (OpenID Connect RP-Initiated Logout 1.0). A request can say otherwise. */
export interface SignOutOptions {
  /**
   * Further parameters of the end-session request, for providers that want others than the specification names:
   * `logout_uri` at Amazon Cognito, `returnTo` at Auth0. Default none.
   */
  extraParameters?: Readonly<Record<string, string>> | undefined
  /** Sends the ID token as `id_token_hint`. Default true: without it most providers ask the user. */
  idTokenHint?: boolean | undefined
  /**
   * `auto`: by GET; by POST where the address would be longer than 2,000 characters; without the ID token and with
   * `logout_hint` where the last POST to this provider did not bring the user back, and at Entra. `get` never posts, `post`
   * always does. Default `auto`. A POST from another site carries no `SameSite=Lax` cookie: a provider with such
   * a session cookie must find the session by the ID token, else use `get`.
   */
  method?: 'auto' | 'get' | 'post' | undefined
}

export interface LogEntry {
  readonly level: LogLevel
  readonly message: string
}

/** The scopes that Carnet adds by itself. */
export const DEFAULT_SCOPES: readonly string[] = ['profile', 'offline_access']

/** Options of which none is left open. */
export type Filled<Options> = {
  readonly [Name in keyof Options]-?: Exclude<Options[Name], undefined>
}

/** Where tokens lie. */
export type CacheConfig = Filled<Omit<CacheOptions, 'store'>> & Pick<CacheOptions, 'store'>

/** The options with every default filled in. */
export interface Config extends Omit<FirstConfig, 'given'> {
  readonly clientCapabilities: readonly string[]
  readonly postLogoutRedirectUri: string | null
  readonly scopes: readonly string[]
  readonly defaultScopes: readonly string[]
  readonly metadata: Readonly<Record<string, unknown>> | undefined
  /** The response mode that the app chose, if it did. */
  readonly chosenResponseMode: 'fragment' | 'query' | undefined
  readonly tokens: 'page' | 'worker'
  readonly tokenWorker: (() => Worker) | undefined
  readonly verifyIdTokenSignature: boolean
  readonly renewal: Filled<RenewalOptions>
  readonly silent: Filled<SilentOptions>
  readonly signOut: Filled<SignOutOptions>
  readonly requestTimeoutMs: number
  readonly fetch: typeof fetch
}

/** What a page starts with of it. */
export interface FirstConfig {
  /** The rest of the options, as they were given. */
  readonly given: AuthClientOptions
  readonly clientId: string
  readonly authority: string
  readonly profile: AuthorityProfile
  /** Names the (issuer, client) pair that all state belongs to: see `partitionOf`. */
  readonly partition: string
  /** Names the clients that share cache and partition, in all tabs: see `groupOf`. */
  readonly group: string
  /** Marks what is this client's: see `clientMark`. */
  readonly mark: string
  readonly redirectUri: string
  readonly responseMode: 'fragment' | 'query'
  readonly cache: CacheConfig
  /** Set where each tab has an active account of its own. */
  readonly tabAccount?: TabAccount | undefined
  readonly interaction: InteractionOptions
  readonly log: (level: LogLevel, message: string) => void
  readonly now: () => number
}
