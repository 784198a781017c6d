import type { Account } from '@carnet/core'
import type { ApiCalls } from './api-calls.ts'
import type { CacheHealth } from './confidential-client.ts'
import type { InteractiveRequest } from './interactive.ts'
import type { ConfidentialClientOptions } from './options.ts'
import type { ServiceRequest } from './requests.ts'
import type { AuthenticationResult } from './result.ts'

/** The options of `createPublicClient`. */
export type PublicClientOptions = Omit<ConfidentialClientOptions, 'credential'>

/** The code that the user enters on another device. */
export interface DeviceCode {
  readonly userCode: string
  readonly verificationUri: string
  /** The URI with the code in it, for a link or a QR code; `undefined` if the provider offers none. */
  readonly verificationUriComplete: string | undefined
  readonly expiresOn: Date
  /** A sentence for the user, in English. */
  readonly message: string
}

/** A sign-in by a code on another device. */
export interface DeviceCodeRequest extends ServiceRequest {
  /** Shows the code to the user. */
  readonly onCode: (code: DeviceCode) => void | Promise<void>
}

/** A request for a token of a user who is signed in. */
export interface SilentRequest extends ServiceRequest {
  /** Default: the only user who is signed in. */
  readonly account?: Account | undefined
}

/** A public client (RFC 6749 section 2.1): a command-line tool or a desktop app, which can keep no secret. */
export interface PublicClient extends ApiCalls {
  /**
   * Signs a user in by the browser of the user (RFC 8252). The response arrives at a server on 127.0.0.1, which runs only during
   * the sign-in.
   *
   * @throws AuthError `browser_unavailable`; `sign_in_timeout`; `access_denied` if the user refuses.
   */
  acquireTokenInteractive(request: InteractiveRequest): Promise<AuthenticationResult>
  /**
   * Signs a user in by a code, which the user enters on another device (RFC 8628). An abort by `signal` ends the polling.
   *
   * @throws AuthError `device_code_expired`; `access_denied` if the user refuses; `unsupported_by_provider`.
   */
  acquireTokenByDeviceCode(request: DeviceCodeRequest): Promise<AuthenticationResult>
  /**
   * Gets a token without the user: from the cache, else with the refresh token.
   *
   * @throws AuthError `no_account` if nobody is signed in; `account_not_found` if the account is not, or is not named among several.
   * @throws InteractionRequiredError if the user must sign in again.
   */
  acquireTokenSilent(request: SilentRequest): Promise<AuthenticationResult>
  /** The users who are signed in. */
  accounts(): Promise<readonly Account[]>
  /** Deletes all tokens of a user. The session at the provider continues. */
  signOut(account: Account): Promise<void>
  /** The state of the cache. */
  health(): CacheHealth
  /** Ends the client, when the requests on the way are answered and stored. */
  close(): Promise<void>
}
