import type { Account, IdTokenClaims, TraceStep } from '@carnet/core'

/**
 * A token and its details. It is frozen. Requests without `correlationId` get the same object from memory again, until the
 * token or its account changes.
 */
export interface AuthenticationResult {
  /**
   * The access token. It is opaque: the app must not parse it. Empty if the provider issued none: Azure AD B2C does so if no scope
   * of an API was requested.
   */
  readonly accessToken: string
  /** The scheme for the `Authorization` header: `Bearer`, or `DPoP` for a token that needs a proof with each request. */
  readonly tokenType: string
  readonly expiresOn: Date
  /** The time at which the provider suggests a renewal (`refresh_in`), if it does. */
  readonly refreshOn: Date | undefined
  /** The granted scopes. */
  readonly scopes: readonly string[]
  /** The requested scopes that the user declined. */
  readonly declinedScopes: readonly string[]
  readonly idToken: string
  readonly idTokenClaims: IdTokenClaims
  readonly account: Account
  readonly tenantId: string
  /** The id of the account within its tenant. */
  readonly uniqueId: string
  readonly authority: string
  /**
   * The members of the token response except the tokens, by their wire names: `scope` as it was sent, `expires_in`,
   * `ext_expires_in`, members of the provider. `session_state` is that of the session, also if only the sign-in had it. `undefined`
   * for tokens without a response, such as imported tokens.
   */
  readonly response: Readonly<Record<string, unknown>> | undefined
  /** True if the result needed no request. */
  readonly fromCache: boolean
  readonly correlationId: string
  /** The `state` of the request. */
  readonly state: string | undefined
  /** For a result of an interaction or of `ssoSilent`: true if the account was not signed in here before. */
  readonly isNewAccount?: boolean
  /** For a result of a redirect: the URL where the user started, or `returnTo` of the request. */
  readonly returnTo?: string
  /**
   * The steps of this call with outcome and milliseconds, in the order of their ends. A client keeps its last 200 steps:
   * read the trace when the call ends. It is not enumerable, so that JSON, logs and copies leave it out.
   */
  readonly trace: readonly TraceStep[]
}
