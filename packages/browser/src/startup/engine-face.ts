import type { AccessTokenRecord, Account, RecordStore, TokenQuery } from '@carnet/core'
import type { AuthClient } from '../api/auth-client.ts'
import type { PlannedRenewal } from '../api/planned-renewal.ts'
import type { AcquireTokenRequest, InteractiveRequest, SignOutRequest } from '../api/requests.ts'
import type { AuthenticationResult } from '../api/result.ts'
import type { OpenedWindow } from './open-window.ts'
import type { ResponseInUrl } from './response.ts'

/** Calls of the client that the engine answers; `opened` is a window that the click has opened already. */
type Calls = Pick<
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
    opened?: OpenedWindow,
  ): Promise<AuthenticationResult>
  signIn(request?: InteractiveRequest, opened?: OpenedWindow): Promise<AuthenticationResult>
  signOut(request?: SignOutRequest, opened?: OpenedWindow): Promise<void>
}

export interface Engine extends Calls {
  readonly consent: AuthClient['consent']
  readonly store: RecordStore
  renewals(): readonly PlannedRenewal[]
  /** Notes that the cache answered: what is used is renewed. */
  used(query: TokenQuery, record: AccessTokenRecord): void
  /** Writes down, and tells, which account was made the active one. */
  activated(account: Account | undefined): void
  /** Completes a response that came to this page. `read` resolves when it is known who is signed in. */
  complete(response: ResponseInUrl, read: Promise<void>): Promise<AuthenticationResult>
  /** Another tab said something. */
  hear(data: unknown): Promise<void>
  /** Whatever memory holds may be old: what other tabs said may have been lost. */
  catchUp(): Promise<void>
  /** In the frame with which a provider ends its session, the app must not start: then this does not settle. */
  endFramedSession(): Promise<void>
  /** Fetches what an interaction will need, while nobody waits for it. */
  prefetch(): Promise<void>
  close(): void
}
