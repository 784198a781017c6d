import type { AccessTokenRecord, Account, CacheQuery, RecordStore } from '@carnet/core'
import type { AuthClient } from '../api/auth-client.ts'
import type { PlannedRenewal } from '../api/planned-renewal.ts'
import type { AcquireTokenRequest, InteractiveRequest, SignOutRequest } from '../api/requests.ts'
import type { AuthenticationResult } from '../api/result.ts'
import type { RedirectOutcome } from './create-auth.ts'
import type { OpenedPopup } from './page/open-popup.ts'
import type { ResponseInUrl } from './response.ts'

/** The client's calls that the engine answers. `opened` is a popup that the click handler has already opened. */
export type Calls = Pick<
  AuthClient,
  | 'acquireTokenRedirect'
  | 'acquireTokens'
  | 'acquireTokenSilent'
  | 'clear'
  | 'forecast'
  | 'removeAccount'
  | 'ssoSilent'
  | 'userInfo'
> & {
  acquireToken(request: AcquireTokenRequest): Promise<AuthenticationResult>
  acquireTokenPopup(
    request: InteractiveRequest,
    opened?: OpenedPopup,
  ): Promise<AuthenticationResult>
  signIn(request?: InteractiveRequest, opened?: OpenedPopup): Promise<AuthenticationResult>
  signOut(request?: SignOutRequest, opened?: OpenedPopup): Promise<void>
}

/** Calls that few apps make. Their part loads at the first of them. */
export type RareCalls = Pick<
  AuthClient,
  | 'completeRedirect'
  | 'completeSignOut'
  | 'getAccountData'
  | 'importSession'
  | 'metadata'
  | 'peek'
  | 'revokeTokens'
  | 'setAccountData'
  | 'startRenewal'
  | 'stopRenewal'
>

/** The calls that a page passes on without a look at their arguments. */
export type PassedCall =
  | keyof RareCalls
  | keyof Omit<
      Calls,
      'acquireToken' | 'acquireTokenPopup' | 'acquireTokenSilent' | 'signIn' | 'signOut'
    >

/** A part of the engine that a click may need. */
export type ClickPart = 'authorization' | 'signOut'

export interface Engine extends Calls {
  readonly consent: AuthClient['consent']
  readonly store: RecordStore
  /**
   * Makes a call with its arguments. The part for rare calls loads at the first of them.
   *
   * @param href The URL of the page at the time of the call.
   */
  pass(name: PassedCall, given: readonly unknown[], href: string): Promise<unknown>
  /** The parts of the engine, for parts of the library that load after it. */
  readonly parts: object
  renewals(): readonly PlannedRenewal[]
  /** Notes that the cache returned a token: used tokens are renewed. */
  used(query: CacheQuery, record: AccessTokenRecord): void
  /** Stores and announces the new active account. */
  activated(account: Account | undefined): void
  /** Completes a response of this page. `read` resolves when the accounts are read. */
  complete(response: ResponseInUrl, read: Promise<void>): Promise<AuthenticationResult>
  /**
   * Finishes the sign-ins of pages that have ended, and returns the result of a redirect of this tab. A failure leaves the user
   * signed out, as a lost response would. Never rejects.
   */
  finishEarlier(): Promise<RedirectOutcome>
  /** Handles a message of another tab. */
  onMessage(data: unknown): Promise<void>
  /** Reads the changes of other tabs, after messages may have been lost. */
  resync(): Promise<void>
  /** Handles front-channel logout. In the provider's iframe the promise stays pending, because the app must not start. */
  endFramedSession(): Promise<void>
  /** Settles when the parts that are loading now have loaded; `undefined` if none is. */
  pending(): Promise<unknown> | undefined
  /** Throws if the request for the user is wrong: then its click opens no popup. */
  assertAskable(request: object): void
  /** True if the part for a click is loaded: then it opens its window itself. */
  isPrepared(part: ClickPart): boolean
  /** Loads the part for a click. */
  prepare(part: ClickPart): Promise<void>
  /** Fetches data for a later interaction in the background. */
  prefetch(): Promise<void>
  close(): void
}
