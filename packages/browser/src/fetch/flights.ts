import type { Platform } from '@carnet/core'
import { isAuthError } from '@carnet/core/base'
import type { Call } from './call.ts'

interface Flight<T> {
  readonly calls: Set<Call>
  readonly landing: Promise<T>
}

/** So often a hidden page waits for its turn. A visible page waits once: its user may not see the dialog of another tab. */
const MOST_WAITS = 10

/**
 * Creates the sharing of remedies: calls that fail alike share one in this tab, and tabs take turns.
 *
 * @param withLock A lock across tabs. If the lock is not free in time, a dead or frozen tab may hold it, and the remedy runs
 * without it.
 */
export function createFlights(withLock: Platform['withLock']) {
  const running = new Map<string, Flight<unknown>>()

  async function inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
    let hasBegun = false
    const begin = () => {
      hasBegun = true
      return work()
    }
    for (let waits = 1; ; waits++)
      try {
        return await withLock(name, begin)
      } catch (error) {
        if (hasBegun || !isAuthError(error, 'lock_timeout')) throw error
        if (!globalThis.document?.hidden || waits === MOST_WAITS) return begin()
      }
  }

  return {
    /**
     * Joins the running remedy with the same key, or starts one.
     *
     * @param lock Remedies with the same lock run one after the other, in all tabs.
     * @param start Gets the calls that share the remedy; the set grows while it runs.
     */
    join<T>(
      key: string,
      lock: string,
      call: Call,
      start: (calls: ReadonlySet<Call>) => Promise<T>,
    ): Promise<T> {
      const joined = running.get(key) as Flight<T> | undefined
      if (joined) {
        joined.calls.add(call)
        return joined.landing
      }
      const calls = new Set([call])
      const landing = inTurn(lock, () => start(calls)).finally(() => running.delete(key))
      landing.catch(() => undefined) // Every caller may have stopped its wait.
      running.set(key, { calls, landing })
      return landing
    },
  }
}
