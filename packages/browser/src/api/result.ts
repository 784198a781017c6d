import type { Account, IdTokenClaims, TraceStep } from '@carnet/core'

/**
 * A token and what is known about it. It is frozen: who asks again without a `correlationId` of their own is given the
 * same one from memory, until the token or its account changes.
 */
export interface AuthenticationResult {
  /** Opaque: for the API, not for the app to look into. */
  readonly accessToken: string
  /** As it stands in the `Authorization` header: `Bearer`. */
  readonly tokenType: string
  readonly expiresOn: Date
  /** When the provider would like the token renewed, where it says so. */
  readonly refreshOn: Date | undefined
  /** What was granted. */
  readonly scopes: readonly string[]
  /** What was asked and not granted. */
  readonly declinedScopes: readonly string[]
  readonly idToken: string
  readonly idTokenClaims: IdTokenClaims
  readonly account: Account
  readonly tenantId: string
  /** The id of the account within its tenant. */
  readonly uniqueId: string
  readonly authority: string
  /** True where no request was made for this answer. */
  readonly fromCache: boolean
  readonly correlationId: string
  /** The `state` of the request. */
  readonly state: string | undefined
  /**
   * The steps of this call with outcome and milliseconds, in the order of their ends. A client keeps its last 200 steps:
   * read the trace when the call ends. It is not enumerable, so that JSON, logs and copies leave it out.
   */
  readonly trace: readonly TraceStep[]
}
