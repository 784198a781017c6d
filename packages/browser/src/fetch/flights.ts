import type { Platform } from '@carnet/core'
import { isAuthError } from '@carnet/core/base'
import type { Call } from './call.ts'

/** The calls that share a remedy. */
export interface Sharers {
  /** Calls may join while the remedy runs. */
  readonly calls: ReadonlySet<Call>
  /** Aborts when every call was aborted, with the reason of the last one. Later calls start a remedy of their own. */
  readonly abandoned: AbortSignal
}

interface Flight<T> {
  readonly calls: Set<Call>
  readonly landing: Promise<T>
  /** Ends the flight if no call waits for it any more. */
  readonly leave: () => void
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

  function depart<T>(
    key: string,
    lock: string,
    start: (sharers: Sharers) => Promise<T>,
  ): Flight<T> {
    const calls = new Set<Call>()
    const abandoning = new AbortController()
    const forget = () => {
      if (running.get(key) === flight) running.delete(key)
    }
    const landing = inTurn(lock, () => start({ calls, abandoned: abandoning.signal })).finally(
      forget,
    )
    landing.catch(() => undefined) // Every caller may have stopped its wait.
    const flight: Flight<T> = {
      calls,
      landing,
      leave() {
        if (![...calls].every(({ signal }) => signal?.aborted)) return
        forget()
        abandoning.abort([...calls].at(-1)?.signal?.reason)
      },
    }
    running.set(key, flight)
    return flight
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
      start: (sharers: Sharers) => Promise<T>,
    ): Promise<T> {
      const known = running.get(key) as Flight<T> | undefined
      const { calls, landing, leave } = known ?? depart(key, lock, start)
      calls.add(call)
      if (call.signal?.aborted) leave()
      call.signal?.addEventListener('abort', leave, { once: true })
      return landing
    },
  }
}
