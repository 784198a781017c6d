import type { ProviderDialect } from '../dialects/provider-dialect.ts'
import type { RefreshTokenRecord } from './token-record.ts'

/** How long tokens can be acquired without the user. */
export interface Forecast {
  /** The time at which the last of the cached access tokens expires; `undefined` if none is valid. */
  readonly accessTokenEndsOn: Date | undefined
  /** The time until which tokens can be acquired silently; `undefined` if it is not known. */
  readonly silentUntil: Date | undefined
  /**
   * The source of `silentUntil`. `refresh_token`: the provider stated the expiry of the refresh token. `entra_24h`: Entra's
   * 24-hour rule for single-page apps. `access_token`: there is no refresh token. `unknown`: there is no source.
   */
  readonly cause: 'refresh_token' | 'entra_24h' | 'access_token' | 'unknown'
}

/**
 * Predicts how long tokens can be acquired without the user.
 *
 * @param accessTokenEndsAtMs The latest expiry of the cached access tokens, in milliseconds since the epoch.
 */
export function forecastOf(
  refreshToken: RefreshTokenRecord | undefined,
  accessTokenEndsAtMs: number | undefined,
  dialect: Pick<ProviderDialect, 'sessionEnd'>,
): Forecast {
  const accessTokenEndsOn =
    accessTokenEndsAtMs === undefined ? undefined : new Date(accessTokenEndsAtMs)
  const until = (atMs: number, cause: Forecast['cause']): Forecast => ({
    accessTokenEndsOn,
    silentUntil: new Date(atMs),
    cause,
  })
  if (!refreshToken)
    return { accessTokenEndsOn, silentUntil: accessTokenEndsOn, cause: 'access_token' }
  const { expiresAtMs } = refreshToken
  if (expiresAtMs !== undefined) return until(expiresAtMs, 'refresh_token')
  const end = dialect.sessionEnd(refreshToken)
  if (end) return until(end.atMs, end.cause)
  return { accessTokenEndsOn, silentUntil: undefined, cause: 'unknown' }
}
