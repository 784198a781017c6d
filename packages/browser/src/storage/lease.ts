import { leaseRecordKey } from '@carnet/core'
import { formatOf, instant, shape, text } from '@carnet/core/records'
import { tookTooLong } from '../tabs/lock.ts'
import { within } from './bounded-store.ts'
import type { Database } from './idb-database.ts'

/** A tab that dies in the middle holds nobody up for longer; one that lives says so in time. */
const LEASE_MS = 25_000
const PROLONG_EVERY_MS = 5000
const LOOK_AGAIN_MS = 100
/** A database that does not answer for so long keeps no order. */
const ANSWER_WITHIN_MS = 3000
/** By so much the clocks of two tabs may differ: browsers blur them, and the machine's is put right now and then. */
const CLOCK_TOLERANCE_MS = 5000

interface Lease {
  /** Who works. */
  readonly owner: string
  readonly endsAtMs: number
}

const leaseFormat = formatOf<Lease>(1, shape<Lease>({ owner: text, endsAtMs: instant }))

/**
 * Where there are no Web Locks, a record in the database says who works; the same for all tabs. Where that cannot be
 * read or written there is nothing that tabs share, and nobody to wait for.
 */
export function createLease(
  opened: () => Promise<Database>,
  patienceMs: number,
  /** True if storage was given up: then no other tab can be seen, and nobody waits. */
  isDegraded: () => boolean = () => false,
) {
  return async function withLease<T>(name: string, work: () => Promise<T>): Promise<T> {
    const key = leaseRecordKey(name)
    const owner = crypto.randomUUID()
    const giveUpAtMs = performance.now() + patienceMs

    // A late answer does not mean that the lease is free: another tab may hold it.
    const isFree = () =>
      within(
        ANSWER_WITHIN_MS,
        take().catch(() => true),
      ).catch(isDegraded)
    while (!(await isFree())) {
      if (performance.now() > giveUpAtMs) throw tookTooLong(patienceMs)
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
    }
    const prolonging = setInterval(() => take().catch(() => undefined), PROLONG_EVERY_MS)
    try {
      return await work()
    } finally {
      clearInterval(prolonging)
      await take(true).catch(() => undefined) // What was done counts; the lease ends by itself.
    }

    /** Takes the lease, or gives it back, unless another tab has it. */
    async function take(isOver = false): Promise<boolean> {
      const transaction = (await opened()).transaction('metadata', 'readwrite')
      const held = leaseFormat.read((await transaction.store.get(key))?.value)
      const nowMs = Date.now()
      // One that ends later than any was written by a clock that has since been set back.
      const latestMs = nowMs + LEASE_MS + CLOCK_TOLERANCE_MS
      const lives = held && held.endsAtMs >= nowMs && held.endsAtMs <= latestMs
      const isFree = !lives || held.owner === owner
      if (isFree && isOver) await transaction.store.delete(key)
      else if (isFree)
        await transaction.store.put({
          key,
          tags: [],
          // It is written by the machine's clock, and what has expired is cleared away by that of the app.
          expiresAtMs: Number.MAX_SAFE_INTEGER,
          value: leaseFormat.write({ owner, endsAtMs: nowMs + LEASE_MS }),
        })
      await transaction.done
      return isFree
    }
  }
}
