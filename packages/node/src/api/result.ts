import type { Account, IdTokenClaims, TraceStep } from '@carnet/core'

/** A token and its details. It is frozen. The fields are those of `@carnet/browser`; a token of the app has no account. */
export interface AuthenticationResult {
  /** The access token. It is opaque: the app must not parse it. */
  readonly accessToken: string
  /** The scheme for the `Authorization` header: `Bearer`, or `DPoP` for a token that is bound to a key (RFC 9449). */
  readonly tokenType: string
  readonly expiresOn: Date
  /** The time at which the provider suggests a renewal (`refresh_in`), if it does. */
  readonly refreshOn: Date | undefined
  /** The granted scopes. */
  readonly scopes: readonly string[]
  /** The user of the token; `null` for a token of the app, and if the provider sent no ID token. */
  readonly account: Account | null
  readonly idToken: string | null
  readonly idTokenClaims: IdTokenClaims | null
  /** The tenant of the account or of the authority; empty if the provider has no tenants. */
  readonly tenantId: string
  /** The id of the account within its tenant; empty without an account. */
  readonly uniqueId: string
  readonly authority: string
  /** True if the result needed no request. */
  readonly fromCache: boolean
  readonly correlationId: string
  /** The steps of this call with outcome and milliseconds. It is not enumerable, so that JSON and logs leave it out. */
  readonly trace: readonly TraceStep[]
}
