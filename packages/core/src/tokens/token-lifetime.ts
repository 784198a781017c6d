import { type Life, livesUntil } from './token-record.ts'

/** True until the token expires. Such a token serves while its renewal is in progress. */
export const isUnexpired = ({ issuedAtMs, expiresAtMs }: Life, nowMs: number): boolean =>
  livesUntil(expiresAtMs, issuedAtMs, nowMs)

/** True while the token may serve during an outage: until it expires, or until `extendedExpiresAtMs`. */
export const isUsableInOutage = (life: Life, nowMs: number): boolean =>
  livesUntil(Math.max(life.expiresAtMs, life.extendedExpiresAtMs ?? 0), life.issuedAtMs, nowMs)
