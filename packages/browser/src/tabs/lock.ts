import { AuthError } from '@carnet/core'

/** Longer than any renewal takes: two requests of ten seconds each. */
const PATIENCE_MS = 30_000

/** Holds the Web Lock `name` while `work` runs. The wait for the lock is bounded, not the work. */
export async function withWebLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS)
  let granted = false
  try {
    return await navigator.locks.request(name, { signal: patience.signal }, () => {
      granted = true
      clearTimeout(timer)
      return work()
    })
  } catch (cause) {
    if (granted || !patience.signal.aborted) throw cause
    throw new AuthError('timeout', `Another tab has renewed for more than ${PATIENCE_MS} ms.`, {
      cause,
    })
  } finally {
    clearTimeout(timer)
  }
}

/** Without Web Locks, the order is kept within this tab. */
export function createPageLock() {
  const tails = new Map<string, Promise<unknown>>()
  return function withPageLock<T>(name: string, work: () => Promise<T>): Promise<T> {
    const turn = (tails.get(name) ?? Promise.resolve()).then(work)
    const tail = turn.catch(() => undefined)
    tails.set(name, tail)
    tail.then(() => tails.get(name) === tail && tails.delete(name))
    return turn
  }
}
