import {
  type AccessTokenRecord,
  covers,
  type Platform,
  renewalAtMs,
  type TokenQuery,
} from '@carnet/core'
import { createWatchedTokens, type Watched } from './watched-tokens.ts'

/** The shortest time between two renewals of a token, however short it lives, in milliseconds. */
const SHORTEST_INTERVAL_MS = 1000

/**
 * Watches tokens for their renewal.
 *
 * @param leadMs The time before the expiry at which a renewal is due, in milliseconds.
 */
export function createWatch(platform: Platform, leadMs: number) {
  const watched = createWatchedTokens()
  const byRecord = new WeakMap<AccessTokenRecord, Watched>()

  /**
   * Watches a token. If the scopes of one query cover those of another, one watch serves both.
   *
   * @returns True if the plans changed.
   */
  function watch(query: TokenQuery, record: AccessTokenRecord, isUsed = true): boolean {
    for (const other of watched.related(query)) {
      if (other.record.token === record.token && covers(other.query.scopeKeys, query.scopeKeys)) {
        const isNews = isUsed && !other.used
        other.used ||= isUsed
        byRecord.set(record, other) // The same token from a second read is no second token.
        return isNews
      }
      if (covers(query.scopeKeys, other.query.scopeKeys)) watched.delete(other)
    }
    const plannedAtMs = platform.now()
    const dueAtMs = Math.max(
      renewalAtMs(record, leadMs, Math.random()),
      plannedAtMs + SHORTEST_INTERVAL_MS,
    )
    const state = { used: isUsed, failures: 0, running: false, cameOnline: false }
    const fresh = { query, record, dueAtMs, plannedAtMs, ...state }
    watched.add(fresh)
    byRecord.set(record, fresh)
    return true
  }

  return { watched, byRecord, watch }
}
