import type { RefreshTokenRecord } from './token-record.ts'

/** The time of a sign-in: `auth_time` in seconds by the provider's clock, and how far that clock is ahead of the page's clock. */
export interface SignInTime {
  readonly authTime?: number | undefined
  readonly clockOffsetMs?: number | undefined
}

/** The `max_age` parameter: whole seconds, rounded down. */
export const maxAgeSeconds = <Ms extends number | undefined>(maxAgeMs: Ms) =>
  (maxAgeMs === undefined ? undefined : Math.floor(maxAgeMs / 1000)) as Ms

/**
 * True if the sign-in is young enough for `max_age` (OpenID Connect Core section 3.1.2.1). False if no ID token had an
 * `auth_time`: a new request with `max_age` makes the provider send it.
 */
export function isYoungEnough(
  { authTime, clockOffsetMs = 0 }: SignInTime,
  maxAgeMs: number | undefined,
  nowMs: number,
): boolean {
  if (maxAgeMs === undefined) return true
  return authTime !== undefined && nowMs + clockOffsetMs - authTime * 1000 <= maxAgeMs
}

/**
 * The time of the sign-in of a refresh token, in seconds. Some providers send a later `auth_time` with each refresh,
 * although the user was not involved. So the time is never later than the sign-in itself.
 */
export function signInTimeOf({
  authTime,
  signedInAtMs,
  clockOffsetMs = 0,
}: RefreshTokenRecord): number | undefined {
  if (authTime === undefined || signedInAtMs === undefined) return authTime
  return Math.min(authTime, Math.ceil((signedInAtMs + clockOffsetMs) / 1000))
}
