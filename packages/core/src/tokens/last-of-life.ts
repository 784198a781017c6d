import { type Life, livesUntil } from './token-record.ts'

/** True to the very end: better than none while a newer one is not to be had yet. */
export const isValid = ({ issuedAtMs, expiresAtMs }: Life, nowMs: number): boolean =>
  livesUntil(expiresAtMs, issuedAtMs, nowMs)

/** True while the token may serve where the provider is down: to its end, or further if that was said. */
export const isLastResort = (life: Life, nowMs: number): boolean =>
  livesUntil(Math.max(life.expiresAtMs, life.extendedExpiresAtMs ?? 0), life.issuedAtMs, nowMs)
