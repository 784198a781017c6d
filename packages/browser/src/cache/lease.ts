import { AuthError } from '@carnet/core'
import type { Database } from './database.ts'

/** Longer than any renewal takes; a tab that dies in the middle holds nobody up for longer. */
const LEASE_MS = 25_000
const LOOK_AGAIN_MS = 100
const PATIENCE_MS = 60_000

/** Where there are no Web Locks, a record in the database says who works; the same for all tabs. */
export function createLease(opened: () => Promise<Database>) {
  return async function withLease<T>(name: string, work: () => Promise<T>): Promise<T> {
    const database = await opened()
    const key = `lease|${name}`
    const owner = crypto.randomUUID()
    const giveUpAtMs = Date.now() + PATIENCE_MS

    while (!(await take())) {
      if (Date.now() > giveUpAtMs)
        throw new AuthError('timeout', `Another tab has renewed for more than ${PATIENCE_MS} ms.`)
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
    }
    try {
      return await work()
    } finally {
      await release()
    }

    async function take(): Promise<boolean> {
      const transaction = database.transaction('metadata', 'readwrite')
      const held = await transaction.store.get(key)
      const isFree = !held || held.expiresAtMs < Date.now()
      if (isFree) {
        const expiresAtMs = Date.now() + LEASE_MS
        await transaction.store.put({ key, tags: [], expiresAtMs, value: owner })
      }
      await transaction.done
      return isFree
    }

    async function release(): Promise<void> {
      const transaction = database.transaction('metadata', 'readwrite')
      const held = await transaction.store.get(key)
      if (held?.value === owner) await transaction.store.delete(key)
      await transaction.done
    }
  }
}
