import type { AuthorityProfile } from '../dialects/authority-profile.ts'
import type { RefreshTokenRecord } from './token-record.ts'

/** Entra ends the refresh tokens of single-page apps a day after the sign-in, however often they rotate. */
const ENTRA_SPA_SESSION_MS = 24 * 3_600_000

/** Until when tokens can be had without the user. */
export interface Forecast {
  /** When the access tokens that are held have all ended; nothing where none is valid. */
  readonly accessTokenEndsOn: Date | undefined
  /** When silence ends; nothing where no end is known. */
  readonly silentUntil: Date | undefined
  /**
   * What `silentUntil` is known by: what the provider said of the refresh token, Entra's rule for single-page
   * apps, or the access token where there is no refresh token.
   */
  readonly cause: 'refresh_token' | 'entra_24h' | 'access_token' | 'unknown'
}

export function forecastOf(
  refreshToken: RefreshTokenRecord | undefined,
  accessTokenEndsAtMs: number | undefined,
  profile: AuthorityProfile,
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
  const { expiresAtMs, signedInAtMs } = refreshToken
  if (expiresAtMs !== undefined) return until(expiresAtMs, 'refresh_token')
  if (profile === 'entra' && signedInAtMs !== undefined)
    return until(signedInAtMs + ENTRA_SPA_SESSION_MS, 'entra_24h')
  return { accessTokenEndsOn, silentUntil: undefined, cause: 'unknown' }
}
