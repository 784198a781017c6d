import { AuthError, type Platform } from '@carnet/core'
import type { Config } from '../api/config.ts'
import type { Page } from '../platform/page.ts'

type WithLock = Platform['withLock']

/** The longest wait for a lock, in milliseconds. Longer than any renewal: metadata, refresh token, hidden iframe and its code. */
export const patienceMsOf = ({
  requestTimeoutMs,
  silent,
}: Pick<Config, 'requestTimeoutMs' | 'silent'>): number => 3 * requestTimeoutMs + silent.timeoutMs

/** The error for a lock that another tab holds for too long. */
export const tookTooLong = (patienceMs: number): AuthError =>
  new AuthError(
    'lock_timeout',
    `Gave up after ${patienceMs} ms: another tab holds the refresh lock.`,
  )

/**
 * The time after which a waiting page asks anew, in milliseconds. Chromium sometimes grants the lock of a page that has ended
 * to nobody, until a request leaves the queue.
 */
const ASK_ANEW_MS = 3000

/**
 * Creates a lock across tabs. It holds a Web Lock while the work runs, or until the browser freezes the page, also in the
 * back-forward cache: Chromium allows a page with a lock there, and other tabs would wait for a frozen page. `patienceMs` limits the wait for the
 * lock, not the work. Without Web Locks, `otherwise` does the locking.
 *
 * @throws AuthError `lock_timeout`
 */
export function createTabLock(
  patienceMs: number,
  otherwise: WithLock,
  { onFrozen }: Pick<Page, 'onFrozen'>,
  askAnewMs = ASK_ANEW_MS,
): WithLock {
  return async function withTabLock<T>(name: string, work: () => Promise<T>): Promise<T> {
    const endMs = performance.now() + patienceMs
    for (;;) {
      const restMs = Math.max(0, endMs - performance.now())
      const patience = new AbortController()
      const timer = setTimeout(() => patience.abort(), Math.min(restMs, askAnewMs))
      let granted = false
      try {
        const { working } = await navigator.locks.request(
          name,
          { signal: patience.signal },
          async () => {
            granted = true
            clearTimeout(timer)
            const working = work()
            let stop = () => {}
            const frozen = new Promise<void>((resolve) => {
              stop = onFrozen(resolve)
            })
            await Promise.race([working.catch(() => undefined), frozen])
            stop()
            return { working }
          },
        )
        return await working
      } catch (cause) {
        if (granted) throw cause
        // The browser has no Web Locks, or the page may not use them.
        if (!patience.signal.aborted) return otherwise(name, work)
        if (performance.now() >= endMs) throw tookTooLong(patienceMs)
      } finally {
        clearTimeout(timer)
      }
    }
  }
}

/** Creates a lock within this page. */
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
