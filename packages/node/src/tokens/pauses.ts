import { AuthError, backoffMs, isTransient } from '@carnet/core'

/** The longest pause after a failure without `Retry-After`. */
const LONGEST_PAUSE_MS = 10_000
/** Failures that are further apart than this belong to different outages. */
const OUTAGE_MS = 10 * 60_000
const MOST_KEYS = 10_000

interface Failure {
  readonly error: AuthError
  readonly attempt: number
  readonly untilMs: number
}

/**
 * Runs `work` unless the provider failed a moment ago. `Retry-After` pauses all requests; other transient failures pause the
 * requests for one token, from the second failure in a row on. During a pause, callers get the last failure.
 */
export function createPauses(now: () => number) {
  const failures = new Map<string, Failure>()
  let asked:
    | { readonly error: AuthError; readonly sinceMs: number; readonly untilMs: number }
    | undefined

  return async function unlessPaused<T>(
    key: string,
    insists: boolean,
    work: () => Promise<T>,
  ): Promise<T> {
    const nowMs = now()
    // If the clock was set back since, a short pause would become long: it does not count.
    if (asked && asked.sinceMs <= nowMs && nowMs < asked.untilMs) throw again(asked.error)
    const last = failures.get(key)
    if (last && !insists && nowMs < last.untilMs && last.untilMs - nowMs <= LONGEST_PAUSE_MS)
      throw again(last.error)
    try {
      const result = await work()
      failures.delete(key)
      asked = undefined
      return result
    } catch (error) {
      if (!isTransient(error)) throw error
      const failedMs = now()
      const isSame = last && failedMs < last.untilMs + OUTAGE_MS
      const attempt = isSame ? last.attempt + 1 : 1
      const waitMs = attempt === 1 ? 0 : backoffMs(attempt - 1, Math.random())
      failures.delete(key)
      failures.set(key, { error, attempt, untilMs: failedMs + Math.min(waitMs, LONGEST_PAUSE_MS) })
      for (const oldest of failures.keys()) {
        if (failures.size <= MOST_KEYS) break
        failures.delete(oldest)
      }
      const { retryAtMs } = error
      if (retryAtMs !== undefined) asked = { error, sinceMs: failedMs, untilMs: retryAtMs }
      throw error
    }
  }
}

/** A new error for a new call: its trace and its correlation id are its own. */
const again = ({ code, message, oauth, retryAtMs, cause }: AuthError): AuthError =>
  new AuthError(code, `${message} Not asked again yet.`, { oauth, retryAtMs, cause })
