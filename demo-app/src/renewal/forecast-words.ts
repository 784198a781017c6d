import type { Forecast } from '@carnet/browser'
import { formatClock } from '../ui/format.ts'

/** The reason for the end of silent renewal, by cause. */
const CAUSES: Readonly<Record<Exclude<Forecast['cause'], 'unknown'>, string>> = {
  refresh_token: 'then the refresh token ends, as the provider said',
  entra_24h: 'then a day has passed since the sign-in, which is as long as this provider allows',
  access_token: 'then the last access token ends, and no refresh token is held',
}

export function forecastWords({ silentUntil, cause }: Forecast, nowMs: number): string {
  if (silentUntil === undefined)
    return cause === 'access_token'
      ? 'Silence is over: no refresh token is held, and no token is in use.'
      : 'Silence has no known end: the provider did not say when its refresh token ends.'
  if (silentUntil.getTime() <= nowMs) return `Silence ended at ${formatClock(silentUntil)}.`
  const why = cause === 'unknown' ? '' : `: ${CAUSES[cause]}`
  return `Silence lasts until ${formatClock(silentUntil)}${why}.`
}
