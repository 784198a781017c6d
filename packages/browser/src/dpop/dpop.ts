import type { AccessTokenRecord } from '@carnet/core'
import type { Binding, ProviderMetadata } from '@carnet/core/network'
import type { AuthenticationResult } from '../api/result.ts'

/** The fields of an access token that a request to an API needs. */
export type ProvenToken = Pick<AccessTokenRecord, 'token' | 'tokenType' | 'jkt' | 'clockOffsetMs'>

/** Binds the tokens of a client to keys (RFC 9449). It loads on demand. */
export interface Dpop {
  /**
   * Returns the thumbprint of the key for an authorization request: `dpop_jkt` (RFC 9449 section 10).
   *
   * @param known The key of the account's grant: a further request of the account reuses it, so cached tokens stay usable.
   * @returns `undefined` if the provider does not support DPoP, and the app only prefers it.
   */
  keyFor(metadata: ProviderMetadata, known: string | undefined): Promise<string | undefined>
  /**
   * Returns the key of a token request, with an `Http` that proves it. Without `jkt` it creates a key.
   *
   * @returns `lost` if the browser no longer has the key; `undefined` if the provider does not support DPoP, and the app only
   * prefers it.
   */
  bind(
    jkt: string | undefined,
    metadata: ProviderMetadata,
    clockOffsetMs?: number,
  ): Promise<Binding | 'lost' | undefined>
  /**
   * The headers that authorize a request to an API (RFC 9449 section 7.1): `Authorization`, and `DPoP` for a bound token.
   *
   * @returns `lost` if the browser no longer has the key of the token. The tokens of the key were deleted then.
   */
  headersFor(
    request: { readonly method: string; readonly url: string },
    token: ProvenToken,
  ): Promise<Readonly<Record<string, string>> | 'lost'>
  /** The same for the token of a result. */
  authorize(
    result: Pick<AuthenticationResult, 'accessToken' | 'tokenType' | 'account'>,
    request: { readonly method: string; readonly url: string },
  ): Promise<Readonly<Record<string, string>> | 'lost'>
  /** Takes the nonce of an answer, also of an error. Returns true if the nonce is new. */
  takeNonce(url: string, headers: Headers): boolean
  /**
   * Sets the clock for the proofs of an origin by the `Date` header of its answer, where scripts can read it. Call it after
   * `invalid_dpop_proof`. Returns true if the clock changed: then another proof may be accepted.
   */
  takeClock(url: string, headers: Headers): boolean
  /** Deletes keys whose tokens were deleted. */
  forget(jkts: readonly string[]): Promise<void>
  /** Deletes the keys that no token names any more. */
  sweep(): Promise<void>
  close(): void
}
