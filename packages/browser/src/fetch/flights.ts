import type { Call } from './call.ts'

interface Flight<T> {
  readonly calls: Set<Call>
  readonly landing: Promise<T>
}

/** Creates the sharing of remedies: calls that fail alike share one in this tab, and tabs take turns. */
export function createFlights(group: string) {
  const running = new Map<string, Flight<unknown>>()

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
      const landing = inTurn(`carnet.challenge|${group}|${lock}`, () => start(calls)).finally(() =>
        running.delete(key),
      )
      landing.catch(() => undefined) // Every caller may have stopped its wait.
      running.set(key, { calls, landing })
      return landing
    },
  }
}

/** Runs `work` under a Web Lock. Without Web Locks, each tab answers its own challenges. */
async function inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
  let working: Promise<T> | undefined
  const begin = () => {
    working ??= work()
    return working
  }
  try {
    const { locks } = navigator
    return await locks.request(name, begin)
  } catch {
    // The work failed, or the browser has no Web Locks, or the page may not use them.
    return begin()
  }
}
