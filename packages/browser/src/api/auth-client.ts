import type { Account, AuthError, Forecast } from '@carnet/core'
import type { ProviderMetadata } from '@carnet/core/network'
import type { ResourceMatch } from '@carnet/core/resources'
import type { UserInfo } from '@carnet/core/user-info'
import type { Consent } from './consent.ts'
import type { AuthEvents } from './events.ts'
import type { ImportedSession } from './imported-session.ts'
import type { PlannedRenewal } from './planned-renewal.ts'
import type {
  AcquireTokenRequest,
  InteractiveRequest,
  PeekRequest,
  RevokeRequest,
  SignOutRequest,
  SilentRequest,
  SsoRequest,
  UserInfoRequest,
} from './requests.ts'
import type { ResourceCalls } from './resource-calls.ts'
import type { AuthenticationResult } from './result.ts'
import type { Snapshot } from './snapshot.ts'

/** The client of one app at one provider. Every rejection is an `AuthError`. */
export interface AuthClient extends ResourceCalls {
  /** The signed-in accounts, from memory. A new array after each change. */
  readonly accounts: readonly Account[]
  /**
   * The account for requests without `account`. It is the last account that signed in, or the account of the last
   * `setActiveAccount`: in any tab, or with `activeAccount: 'tab'` in this tab.
   */
  readonly activeAccount: Account | null
  /**
   * Makes an account of `accounts` active, or no account (`null`). The choice survives reloads and holds for every tab, or
   * with `activeAccount: 'tab'` only for this tab.
   */
  setActiveAccount(account: Account | null): void
  /**
   * Returns the newest ID token of an account, as the provider sent it (a JWT), from memory. Default: the active account.
   * `undefined` if the account is not signed in here. Send it as a hint only: an API takes access tokens.
   */
  idTokenOf(account?: Account): string | undefined
  /**
   * The session of the page: frozen, and the same object until something in it changes. Use it with the event `changed` for
   * a framework binding (`useSyncExternalStore`).
   */
  snapshot(): Snapshot
  /** The result of the sign-in by redirect that this page load completed; `null` if there was none. */
  readonly redirectResult: AuthenticationResult | null
  /**
   * The error of the response in the URL, if it could not be completed. For example, the user cancelled at the provider, or
   * the response was used before. The URL is clean, and all accounts stay signed in.
   */
  readonly redirectError: AuthError | null

  /**
   * Completes a response to a redirect that `createAuthClient` did not take. Default: the response in the URL of the page, which is
   * removed, and the URL where the user started is restored. For an `address` (a URL, `#…` or `?…`), the URL of the page stays as
   * it is. All calls for one response share one result, also after a failure.
   * @returns `null` if there is no response to a redirect of this client.
   * @throws AuthError as a sign-in does. Its `state` is the `state` of the request.
   */
  completeRedirect(address?: string): Promise<AuthenticationResult | null>
  /**
   * Sends the user to the provider to sign in. By redirect (the default) the page is left, so the promise never resolves. It
   * rejects with `user_cancelled` if the user comes back without a response. For a popup, call it in the click handler,
   * before the first `await`.
   */
  signIn(request?: InteractiveRequest): Promise<AuthenticationResult>
  /** Acquires a token: silently if possible, else by the interaction that the request allows. */
  acquireToken(request: AcquireTokenRequest): Promise<AuthenticationResult>
  /**
   * Acquires one token for each resource of the scopes (on Entra a token is for one resource), with at most one interaction.
   * The results have the order of the scopes.
   */
  acquireTokens(request: AcquireTokenRequest): Promise<AuthenticationResult[]>
  /** The recorded consents, and a prediction whether a request needs the user. */
  readonly consent: Consent
  /**
   * Acquires a token without the user: from the cache, else with the refresh token, else in a hidden iframe (`silent.iframe`).
   * @throws InteractionRequiredError if the user is needed; pass its `request` to `acquireTokenRedirect`.
   */
  acquireTokenSilent(request: SilentRequest): Promise<AuthenticationResult>
  /**
   * Returns the newest token that the cache still holds for the scopes, or `null`. It sends no request, and it returns an expired
   * token too: compare `expiresOn`. The token does not count as used, so it causes no renewal.
   * @throws AuthError `account_not_found`
   */
  peek(request: PeekRequest): Promise<AuthenticationResult | null>
  /** Acquires a token by redirect to the provider. The page is left; see `signIn`. */
  acquireTokenRedirect(request: InteractiveRequest): Promise<never>
  /**
   * Acquires a token with a popup. Call it in the click handler. The same request joins a running interaction. Another request
   * waits for it, unless the popup of the running interaction is not reachable.
   * @throws AuthError `popup_blocked`, `user_cancelled`, `aborted`, `account_not_found` if the account signed out meanwhile,
   * or the error of the provider.
   */
  acquireTokenPopup(request: InteractiveRequest): Promise<AuthenticationResult>
  /**
   * Signs in silently with an existing session of the provider, in a hidden iframe. The account becomes active if no account
   * is active.
   * @throws InteractionRequiredError if there is no session, or if the iframe cannot see it.
   * @throws AuthError `iframe_timeout` or `iframe_refused` if the iframe does not work.
   */
  ssoSilent(request?: SsoRequest): Promise<AuthenticationResult>

  /**
   * Gets the claims of an account from the userinfo endpoint (OpenID Connect Core section 5.3). Default: the active account.
   * A response with another `sub` than the ID token is refused.
   * @throws AuthError `userinfo_failed`
   * @throws InteractionRequiredError if no access token can be acquired silently.
   */
  userInfo(request?: UserInfoRequest): Promise<UserInfo>

  /**
   * Returns the members of the discovery document that Carnet uses (OpenID Connect Discovery 1.0 section 3): from memory or the
   * cache, else from the provider. Default: of the client's authority.
   * @throws AuthError `discovery_failed`, `issuer_mismatch`
   */
  metadata(authority?: string): Promise<ProviderMetadata>

  /**
   * Returns the token that `auth.fetch` would attach, or the reason why it attaches none. It makes no request.
   *
   * @param url An absolute URL, or a URL relative to the page.
   * @param method Default `GET`.
   */
  resourceFor(url: string | URL, method?: string): ResourceMatch

  /** The planned renewals of cached tokens. */
  readonly renewals: readonly PlannedRenewal[]
  /**
   * Starts the renewal in the background, if it is stopped (`renewal.enabled: false`, or `stopRenewal`). Tokens that this page has used
   * are renewed, also if they were used before.
   */
  startRenewal(): Promise<void>
  /** Stops the renewal in the background for this page. A renewal that is running ends. Calls still renew the tokens that they need. */
  stopRenewal(): Promise<void>
  /** Predicts how long tokens can be acquired without the user. Default: for the active account. */
  forecast(account?: Account): Promise<Forecast>

  /**
   * Removes the account with its tokens, in every tab, and ends the session at the provider. It waits for a running
   * interaction, and equal calls share one sign-out. By redirect it resolves only if the user comes back to this page.
   * @throws AuthError `popup_blocked`: then the account stays signed in. `account_not_found`,
   * `end_session_unsupported`, `revocation_failed`.
   */
  signOut(request?: SignOutRequest): Promise<void>
  /**
   * Tells whether the user came back from a sign-out by redirect, and returns the `state` of its request, once. Default: for the URL of
   * the page, or for the return that `createAuthClient` took from it. For an `address` (a URL, `#…` or `?…`), only the address counts.
   *
   * @returns `null` if the user did not come back from a sign-out of this client.
   */
  completeSignOut(address?: string): Promise<{ readonly state: string | undefined } | null>
  /**
   * Puts the session of another library or of a server into the cache, and returns its account. All tabs get `accountAdded`. It
   * never replaces newer tokens. It checks issuer and audience of the ID token, but not its age. No token is redeemed.
   * @throws AuthError `invalid_id_token`, `invalid_request`; `discovery_failed` if the metadata of the provider is not at hand.
   */
  importSession(session: ImportedSession): Promise<Account>
  /**
   * Revokes the cached tokens of an account at the provider (RFC 7009), and removes them here. The account stays signed in, and
   * its later tokens come through the hidden iframe, or with the user. Tokens that could not be revoked stay.
   * @throws AuthError `revocation_failed`, `account_not_found`, `no_account`
   */
  revokeTokens(request?: RevokeRequest): Promise<void>
  /**
   * Keeps a value of the app beside an account: encrypted in the cache, and shared by the tabs that share the cache. It is removed
   * with the account. Renewals and later sign-ins of the account leave it as it is.
   *
   * @param name A name that the app chooses, at most 100 characters. It is not encrypted.
   * @param value A JSON value of at most 65,536 characters as JSON text; `undefined` removes the value.
   * @param account Default: the active account.
   * @throws AuthError `invalid_request`, `account_not_found`, `no_account`
   */
  setAccountData(name: string, value: unknown, account?: Account): Promise<void>
  /**
   * Reads a value of `setAccountData` from the cache; `undefined` if there is none. It may come from an earlier version of the app.
   *
   * @param account Default: the active account.
   * @throws AuthError `account_not_found`, `no_account`
   */
  getAccountData(name: string, account?: Account): Promise<unknown>
  /** Removes the account with its tokens, in every tab. The session at the provider continues. */
  removeAccount(account: Account): Promise<void>
  /** Removes every account of this client. */
  clear(): Promise<void>

  /** Adds a listener, and returns a function that removes it. If a listener throws, the others still run. */
  on<Name extends keyof AuthEvents>(
    name: Name,
    listener: (event: AuthEvents[Name]) => void,
  ): () => void
  /** Closes the client, and releases channels, listeners and the database. The cache stays. */
  close(): void
}
