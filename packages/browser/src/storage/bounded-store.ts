import type { RecordStore } from '@carnet/core'

/** Creates a store whose operations always settle: an operation rejects if `inner` does not settle within `limitMs`. */
export function createBoundedStore(inner: RecordStore, limitMs: number): RecordStore {
  return {
    get: (...name) => within(limitMs, inner.get(...name)),
    find: (...name) => within(limitMs, inner.find(...name)),
    take: (...name) => within(limitMs, inner.take(...name)),
    write: (...changes) => within(limitMs, inner.write(...changes)),
    prune: (nowMs) => within(limitMs, inner.prune(nowMs)),
    close: () => inner.close(),
  }
}

/**
 * Waits for `work` for at most `limitMs`. The time is counted in two halves, because after a freeze of the page the timer may
 * fire before a result that arrived long ago.
 *
 * @throws Error If the time is over. The work itself continues.
 */
export function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new Error(`It did not answer within ${limitMs} ms.`))
    let timer = setTimeout(() => {
      timer = setTimeout(giveUp, limitMs / 2)
    }, limitMs / 2)
    work.finally(() => clearTimeout(timer)).then(resolve, reject)
  })
}
