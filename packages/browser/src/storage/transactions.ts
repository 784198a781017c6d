import type { Collection } from '@carnet/core'
import type { FirstPage } from '../startup/page/first-page.ts'
import type { Database, Transaction } from './idb-database.ts'

/** The events of the page that owns the connection. */
export type PageEvents = Pick<FirstPage, 'onStored' | 'onRestored'>

type Mode = 'readonly' | 'readwrite'

/** Places requests, and calls `last` when no request of the transaction follows, except if it throws. */
type Work<M extends Mode, T> = (transaction: Transaction<M>, last: () => void) => Promise<T>

export interface Transactions {
  /** Runs `work` in one transaction: all of it or nothing. Await only requests of the transaction in `work`. */
  run<M extends Mode, T>(collections: readonly Collection[], mode: M, work: Work<M, T>): Promise<T>
  /** Forgets the page. */
  close(): void
}

/**
 * Creates the transactions of a page. In WebKit, a page in the back-forward cache keeps its open transactions, and they block all
 * other tabs. So a transaction is committed with its last request, and not when the page has seen all answers. A transaction
 * that is still open when the page is left is aborted, and runs again when the user comes back.
 */
export function createTransactions(opening: Promise<Database>, page?: PageEvents): Transactions {
  const open = new Set<{ abort(): void }>()
  const left = new WeakSet<object>()
  /** Pending while the page is in the back-forward cache. */
  let shown = Promise.resolve()
  let show = () => {}
  const stopStored = page?.onStored(() => {
    shown = new Promise((resolve) => {
      show = resolve
    })
    for (const transaction of open) {
      left.add(transaction)
      transaction.abort()
    }
  })

  const stopRestored = page?.onRestored(() => show())

  async function once<M extends Mode, T>(transaction: Transaction<M>, work: Work<M, T>) {
    open.add(transaction)
    const last = () => {
      open.delete(transaction)
      transaction.commit()
    }
    try {
      const [result] = await Promise.all([work(transaction, last), transaction.done])
      return result
    } finally {
      open.delete(transaction)
    }
  }

  return {
    async run(collections, mode, work) {
      for (;;) {
        const transaction = (await opening).transaction([...collections], mode)
        try {
          return await once(transaction, work)
        } catch (error) {
          if (!left.has(transaction)) throw error
          // The page may learn of the abort only after its return.
          await shown
        }
      }
    },
    close() {
      stopStored?.()
      stopRestored?.()
      show()
    },
  }
}

/** Leaves a request alone: if it fails, the end of its transaction reports the failure. */
export const place = (request: Promise<unknown>): void => void request.catch(() => undefined)
