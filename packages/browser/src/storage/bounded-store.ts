import type { RecordStore } from '@carnet/core'

/** A store whose every operation settles: it rejects when `inner` does not answer in time. */
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
 * Waits for `work` for at most `limitMs`. The time is counted in two halves: in a page that was frozen the timer may
 * fire before an answer that was there long ago.
 *
 * @throws Error When the time is over. The work itself goes on.
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
