import { AuthError, type Platform } from '@carnet/core'
import type { Config } from '../api/options.ts'
import type { FirstPage } from '../startup/first-page.ts'

type WithLock = Platform['withLock']

/** Longer than any renewal takes: the metadata, the refresh token, the hidden frame and its code. */
export const patienceMsOf = ({
  requestTimeoutMs,
  silent,
}: Pick<Config, 'requestTimeoutMs' | 'silent'>): number => 3 * requestTimeoutMs + silent.timeoutMs

export const tookTooLong = (patienceMs: number): AuthError =>
  new AuthError(
    'lock_timeout',
    `Gave up after ${patienceMs} ms: another tab holds the refresh lock.`,
  )

/**
 * Holds the Web Lock of a name while work runs, or until the page goes into the back-forward cache: Chromium lets it in
 * with its lock, and whoever waits for that already would wait for a page that does nothing. The wait for the lock is
 * bounded, not the work. Where there are no Web Locks, or the page may not use them, `otherwise` keeps the order.
 */
export function createTabLock(
  patienceMs: number,
  otherwise: WithLock,
  { onStored }: Pick<FirstPage, 'onStored'>,
): WithLock {
  return async function withTabLock<T>(name: string, work: () => Promise<T>): Promise<T> {
    const patience = new AbortController()
    const timer = setTimeout(() => patience.abort(), patienceMs)
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
          const stored = new Promise<void>((resolve) => {
            stop = onStored(resolve)
          })
          await Promise.race([working.catch(() => undefined), stored])
          stop()
          return { working }
        },
      )
      return await working
    } catch (cause) {
      if (granted) throw cause
      // There are none, or the page may not use them.
      if (!patience.signal.aborted) return otherwise(name, work)
      throw tookTooLong(patienceMs)
    } finally {
      clearTimeout(timer)
    }
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
