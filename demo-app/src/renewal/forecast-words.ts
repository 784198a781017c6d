import type { Forecast } from '@carnet/browser'
import { formatClock } from '../ui/format.ts'

/** The reason for the end of silent renewal, by cause. */
const CAUSES: Readonly<Record<Exclude<Forecast['cause'], 'unknown'>, string>> = {
  refresh_token: 'the provider stated that the refresh token expires then',
  entra_24h: 'this provider allows 24 hours after the sign-in',
  access_token: 'the last access token expires then, and the app has no refresh token',
}

export function forecastWords({ silentUntil, cause }: Forecast, nowMs: number): string {
  if (silentUntil === undefined)
    return cause === 'access_token'
      ? 'Silent renewal has ended: the app has no refresh token, and no token is in use.'
      : 'Silent renewal has no known end: the provider did not state when the refresh token expires.'
  if (silentUntil.getTime() <= nowMs) return `Silent renewal ended at ${formatClock(silentUntil)}.`
  const why = cause === 'unknown' ? '' : `: ${CAUSES[cause]}`
  return `Silent renewal works until ${formatClock(silentUntil)}${why}.`
}
