import {
  type AccessTokenRecord,
  AuthError,
  backoffMs,
  type Platform,
  renewalAtMs,
} from '@carnet/core'
import type { Renew, ServiceQuery } from './service-query.ts'

/** Tokens without `refresh_in` are renewed in the background this long before they expire, or in the last fifth of their life. */
const LEAD_MS = 5 * 60_000
/** More failed renewals than this are not remembered. */
const MOST_RETRIES = 1000

/** Renews a token that is newer than `record`. */
type Start = (query: ServiceQuery, record: AccessTokenRecord, renew: Renew) => Promise<unknown>

/**
 * Creates the function that renews a token in the background when it is due: one renewal for each token, with growing pauses
 * after failures.
 */
export function createBackgroundRenewals(
  platform: Pick<Platform, 'now' | 'monotonicMs' | 'log'>,
  start: Start,
) {
  const renewing = new Set<string>()
  /** Failed renewals: their number, and when the next attempt may start. */
  const retries = new Map<string, { readonly attempt: number; readonly atMs: number }>()

  function noteFailure(question: string, error: unknown): void {
    const attempt = (retries.get(question)?.attempt ?? 0) + 1
    if (retries.size > MOST_RETRIES) retries.clear()
    retries.set(question, {
      attempt,
      atMs: platform.monotonicMs() + backoffMs(attempt, Math.random()),
    })
    const why = error instanceof AuthError ? error.code : String(error)
    platform.log('warn', `A renewal in the background failed: ${why}. The held token serves.`)
  }

  return function renewIfDue(query: ServiceQuery, record: AccessTokenRecord, renew: Renew): void {
    if (platform.now() < renewalAtMs(record, LEAD_MS, 0)) return
    const question = query.recordKey
    const last = retries.get(question)
    if (renewing.has(question) || (last && platform.monotonicMs() < last.atMs)) return
    renewing.add(question)
    start(query, record, renew)
      .then(
        () => retries.delete(question),
        (error) => noteFailure(question, error),
      )
      .finally(() => renewing.delete(question))
  }
}
