import type {
  AccessTokenRecord,
  CallTrace,
  InteractionRequiredError,
  TokenQuery,
} from '@carnet/core'

/** The use of the hidden iframe in one renewal. */
export interface IframeUse {
  /** False if only the refresh token may renew. */
  readonly isAllowed: boolean
  /** The timeout of the iframe, in milliseconds. Default: `silent.timeoutMs` of the client. */
  readonly timeoutMs?: number | undefined
}

/** Renewals at the provider. Call them under the refresh lock. */
export interface Renewals {
  /**
   * Renews with the refresh token, else with the hidden iframe.
   *
   * @throws InteractionRequiredError if the user is needed.
   */
  renew(query: TokenQuery, trace?: CallTrace, iframe?: IframeUse): Promise<AccessTokenRecord>
  /** Renews with the hidden iframe only. Throws `refusal` if the iframe brings no token for the query. */
  renewInIframe(
    query: TokenQuery,
    refusal: InteractionRequiredError,
    trace?: CallTrace,
    timeoutMs?: number,
  ): Promise<AccessTokenRecord>
}
