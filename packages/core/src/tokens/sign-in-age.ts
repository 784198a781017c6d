import type { RefreshTokenRecord } from './token-record.ts'

/** The sign-in behind a token: `auth_time` in seconds by the provider's clock, and how far that clock is ahead of ours. */
export interface SignInTime {
  readonly authTime?: number | undefined
  readonly clockOffsetMs?: number | undefined
}

/** `max_age` as it is sent: in whole seconds, and not more than was asked for. */
export const maxAgeSeconds = <Ms extends number | undefined>(maxAgeMs: Ms) =>
  (maxAgeMs === undefined ? undefined : Math.floor(maxAgeMs / 1000)) as Ms

/**
 * True where the sign-in is young enough for `max_age` (OpenID Connect Core section 3.1.2.1). A sign-in whose time no ID
 * token has told is not: a request with `max_age` makes the provider tell it.
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
 * The time of the sign-in behind a refresh token, in seconds. Some providers move `auth_time` on with each refresh; the
 * user was not there, so it is no later than the sign-in itself.
 */
export function signInTimeOf({
  authTime,
  signedInAtMs,
  clockOffsetMs = 0,
}: RefreshTokenRecord): number | undefined {
  if (authTime === undefined || signedInAtMs === undefined) return authTime
  return Math.min(authTime, Math.ceil((signedInAtMs + clockOffsetMs) / 1000))
}
