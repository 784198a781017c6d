import type { Account, AuthError, Forecast } from '@carnet/core'
import type { UserInfo } from '@carnet/core/user-info'
import type { Consent } from './consent.ts'
import type { AuthEvents } from './events.ts'
import type { PlannedRenewal } from './planned-renewal.ts'
import type {
  AcquireTokenRequest,
  InteractiveRequest,
  SignOutRequest,
  SilentRequest,
  SsoRequest,
  UserInfoRequest,
} from './requests.ts'
import type { AuthenticationResult } from './result.ts'
import type { Snapshot } from './snapshot.ts'

/** The client of one app at one provider. Every rejection is an `AuthError`. */
export interface AuthClient {
  /** Who is signed in. A new array at each change; never waits. */
  readonly accounts: readonly Account[]
  /**
   * The account of a request that names none. The last to sign in, until set otherwise: in any tab, or
   * with `activeAccount: 'tab'` in this one.
   */
  readonly activeAccount: Account | null
  /**
   * Makes an account of `accounts` the active one, over reloads and in every tab, or with `activeAccount: 'tab'` in this
   * tab only; `null` for none.
   */
  setActiveAccount(account: Account | null): void
  /**
   * The session of the page: frozen, and the same object until something in it changes. Together with the event
   * `changed` it is the one source for a framework binding (`useSyncExternalStore`).
   */
  snapshot(): Snapshot
  /** The result of the sign-in by redirect that this page load completed; `null` if there was none. */
  readonly redirectResult: AuthenticationResult | null
  /**
   * The error of the response in the address, if it could not be completed: the user cancelled at the provider, the
   * response was used before, … The address is clean, and every account that was signed in still is.
   */
  readonly redirectError: AuthError | null

  /**
   * Sends the user to the provider to sign in. By redirect (the default) the promise never resolves,
   * for the page is left; it rejects with `user_cancelled` where the user comes back without an
   * answer. By popup, call it in the click: the window opens before anything waits.
   */
  signIn(request?: InteractiveRequest): Promise<AuthenticationResult>
  /** A token: silently where possible, else by the interaction that the request allows. */
  acquireToken(request: AcquireTokenRequest): Promise<AuthenticationResult>
  /**
   * One token for each resource that the scopes are of (on Entra a token is for one), with one interaction at the
   * most. In the order of the scopes.
   */
  acquireTokens(request: AcquireTokenRequest): Promise<AuthenticationResult[]>
  /** What was asked of whom, and what a token would take, without asking anybody. */
  readonly consent: Consent
  /**
   * A token without the user: from the cache, else by the refresh token, else in a hidden frame (`silent.iframe`).
   * @throws InteractionRequiredError where the user is needed; pass its `request` to `acquireTokenRedirect`.
   */
  acquireTokenSilent(request: SilentRequest): Promise<AuthenticationResult>
  /** A token by way of the provider's pages. The page is left; see `signIn`. */
  acquireTokenRedirect(request: InteractiveRequest): Promise<never>
  /**
   * A token by way of the provider's pages in a window. Call it in the click. The same request made
   * again joins the running one; another waits its turn, unless that one's window is out of reach.
   * @throws AuthError `popup_blocked`, `user_cancelled`, `aborted`, `account_not_found` where the account signed
   * out meanwhile, or what the provider answered.
   */
  acquireTokenPopup(request: InteractiveRequest): Promise<AuthenticationResult>
  /**
   * Joins a session that the provider has, without the user, in a hidden frame. The account becomes
   * the active one if there is none.
   * @throws InteractionRequiredError where there is no session, or none that the frame can see;
   * AuthError `iframe_timeout` or `iframe_refused` where the frame cannot work.
   */
  ssoSilent(request?: SsoRequest): Promise<AuthenticationResult>

  /**
   * What the provider's userinfo endpoint says of an account (OpenID Connect Core 5.3); default the active one. The
   * answer is about the subject of its ID token, or refused.
   * @throws AuthError `userinfo_failed`; InteractionRequiredError where no access token can be had in silence.
   */
  userInfo(request?: UserInfoRequest): Promise<UserInfo>

  /** Renewals that are due at some time, for tokens that are used. */
  readonly renewals: readonly PlannedRenewal[]
  /** Until when tokens can be had without the user. Default for the active account. */
  forecast(account?: Account): Promise<Forecast>

  /**
   * Removes the account with its tokens, in every tab, and ends the provider's session too. It waits its turn as
   * every interaction does, and said twice it is one. By redirect it resolves only where the user comes back.
   * @throws AuthError `popup_blocked`: nobody is signed out then. `account_not_found`,
   * `end_session_unsupported`, `revocation_failed`.
   */
  signOut(request?: SignOutRequest): Promise<void>
  /** Removes the account with its tokens, in every tab; the provider's session lives on. */
  removeAccount(account: Account): Promise<void>
  /** Removes every account of this client. */
  clear(): Promise<void>

  /** Hears of an event until the returned function is called. A listener that throws stops nobody. */
  on<Name extends keyof AuthEvents>(
    name: Name,
    listener: (event: AuthEvents[Name]) => void,
  ): () => void
  /** Ends the client: channels, listeners and the database are released. The cache stays. */
  close(): void
}
