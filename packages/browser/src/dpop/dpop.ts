import type { AccessTokenRecord } from '@carnet/core'
import type { Binding, ProviderMetadata } from '@carnet/core/network'
import type { AuthenticationResult } from '../api/result.ts'

/** The fields of an access token that a request to an API needs. */
export type ProvenToken = Pick<AccessTokenRecord, 'token' | 'tokenType' | 'jkt' | 'clockOffsetMs'>

/** A request to an API. */
export interface ProvenRequest {
  readonly method: string
  readonly url: string
  /** The nonce of the API's answer to the same request. Default: the newest nonce of the API. */
  readonly nonce?: string | undefined
}

/** Binds the tokens of a client to keys (RFC 9449). It loads on demand. */
export interface Dpop {
  /**
   * Returns the thumbprint of the key for an authorization request: `dpop_jkt` (RFC 9449 section 10).
   *
   * @param known The key of the account's grant: a further request of the account reuses it, so cached tokens stay usable.
   * @param leaves True if the page leaves for the provider: the worker, with its keys, may end then.
   * @returns `undefined` if the provider does not support DPoP, and the app only prefers it; also if the key would not survive.
   */
  keyFor(
    metadata: ProviderMetadata,
    known: string | undefined,
    leaves: boolean,
  ): Promise<string | undefined>
  /**
   * Returns the key of a token request, with an `Http` that proves it. Without `jkt` it creates a key.
   *
   * @param label The name of a request that may be continued by another page: the worker returns the same key for it.
   * @returns `lost` if the browser no longer has the key; `undefined` if the provider does not support DPoP, and the app only
   * prefers it.
   */
  bind(
    jkt: string | undefined,
    metadata: ProviderMetadata,
    clockOffsetMs?: number,
    label?: string,
  ): Promise<Binding | 'lost' | undefined>
  /**
   * The headers that authorize a request to an API (RFC 9449 section 7.1): `Authorization`, and `DPoP` for a bound token.
   *
   * @returns `lost` if the browser no longer has the key of the token. The tokens of the key were deleted then.
   */
  headersFor(
    request: ProvenRequest,
    token: ProvenToken,
  ): Promise<Readonly<Record<string, string>> | 'lost'>
  /** The same for the token of a result. */
  authorize(
    result: Pick<AuthenticationResult, 'accessToken' | 'tokenType' | 'account'>,
    request: ProvenRequest,
  ): Promise<Readonly<Record<string, string>> | 'lost'>
  /** Takes the nonce of an answer, also of an error. Returns true if the nonce is new. */
  takeNonce(url: string, headers: Headers): boolean
  /**
   * Sets the clock for the proofs of an origin by the `Date` header of its answer, where scripts can read it, else by the clock
   * of the app's own server. Call it after `invalid_dpop_proof`. Returns true if the clock changed: then another proof may be
   * accepted.
   */
  takeClock(url: string, headers: Headers): Promise<boolean>
  /** Deletes keys whose tokens were deleted. */
  forget(jkts: readonly string[]): Promise<void>
  /** Deletes the keys that no token names any more. */
  sweep(): Promise<void>
  close(): void
}
