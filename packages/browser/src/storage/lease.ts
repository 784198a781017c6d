import { leaseRecordKey } from '@carnet/core'
import { formatOf, instant, shape, text } from '@carnet/core/records'
import { tookTooLong } from '../tabs/lock.ts'
import { within } from './bounded-store.ts'
import type { Database } from './idb-database.ts'
import { place } from './transactions.ts'

/** The lifetime of a lease: a tab that crashes blocks other tabs no longer. A running tab prolongs its lease in time. */
const LEASE_MS = 25_000
const PROLONG_EVERY_MS = 5000
const LOOK_AGAIN_MS = 100
/** The longest wait for one answer of the database. */
const ANSWER_WITHIN_MS = 3000
/** The clocks of two tabs may differ by this: browsers reduce their precision, and the machine corrects its clock. */
const CLOCK_TOLERANCE_MS = 5000

interface Lease {
  /** A random id of the holder. */
  readonly owner: string
  readonly endsAtMs: number
}

const leaseFormat = formatOf<Lease>(1, shape<Lease>({ owner: text, endsAtMs: instant }))

/**
 * Creates a lock for browsers without Web Locks: a record in the database names the holder, for all tabs. If the database
 * fails, the tabs share no state, so there is no tab to wait for.
 *
 * @param patienceMs The longest wait for the lease.
 * @throws AuthError `lock_timeout`
 */
export function createLease(
  opened: () => Promise<Database>,
  patienceMs: number,
  /** True if storage does not work: then other tabs are not visible, and the work runs without the lease. */
  isDegraded: () => boolean = () => false,
) {
  return async function withLease<T>(name: string, work: () => Promise<T>): Promise<T> {
    const key = leaseRecordKey(name)
    const owner = crypto.randomUUID()
    const giveUpAtMs = performance.now() + patienceMs

    // A timeout does not mean that the lease is free: another tab may hold it.
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
      await take(true).catch(() => undefined) // The work is done; the lease expires by itself.
    }

    /** Takes, prolongs or releases the lease. Returns false if another tab holds it. */
    async function take(isOver = false): Promise<boolean> {
      const transaction = (await opened()).transaction('metadata', 'readwrite')
      const held = leaseFormat.read((await transaction.store.get(key))?.value)
      const nowMs = Date.now()
      // A lease with a later end was written before the clock was set back.
      const latestMs = nowMs + LEASE_MS + CLOCK_TOLERANCE_MS
      const lives = held && held.endsAtMs >= nowMs && held.endsAtMs <= latestMs
      const isFree = !lives || held.owner === owner
      if (isFree && isOver) place(transaction.store.delete(key))
      else if (isFree)
        place(
          transaction.store.put({
            key,
            tags: [],
            // Never pruned: the lease uses the clock of the machine, but pruning uses the clock of the app.
            expiresAtMs: Number.MAX_SAFE_INTEGER,
            value: leaseFormat.write({ owner, endsAtMs: nowMs + LEASE_MS }),
          }),
        )
      transaction.commit() // An open transaction of a page that is left would block other tabs.
      await transaction.done
      return isFree
    }
  }
}
