import type { RecordCondition, RecordStore, StoreChange } from '@carnet/core'
import type { Availability } from './store-availability.ts'

/** The writes that a store missed. */
export interface MissedWrites {
  add(changes: readonly StoreChange[], onlyIf: RecordCondition | undefined): void
  /** Repeats the writes in their order, until one fails again. */
  repeat(available: Pick<Availability, 'timed' | 'failed'>): void
}

interface MissedWrite {
  readonly changes: readonly StoreChange[]
  readonly onlyIf: RecordCondition | undefined
}

/** More writes than this are not kept for a store that is down. The oldest go first. */
const MOST_WRITES = 10_000

/** @param local Holds copies of the changed records until the store has them. */
export function createMissedWrites(store: RecordStore, local: RecordStore): MissedWrites {
  const missed = new Set<MissedWrite>()
  let isRepeating = false

  async function repeatAll({ timed, failed }: Pick<Availability, 'timed' | 'failed'>) {
    for (const write of [...missed]) {
      const { changes, onlyIf } = write
      try {
        const isDone = await timed(store.write(changes, onlyIf))
        missed.delete(write)
        // Another machine replaced the record, or the store lost it. Then the local copy continues to serve.
        const isReplaced =
          !isDone && onlyIf && (await timed(store.get(onlyIf.collection, onlyIf.key)))
        if (isDone || isReplaced) await local.write(changes.flatMap(removalOf))
      } catch (error) {
        return failed(error)
      }
    }
  }

  return {
    add(changes, onlyIf) {
      missed.add({ changes, onlyIf })
      for (const oldest of missed) {
        if (missed.size <= MOST_WRITES) break
        missed.delete(oldest)
      }
    },
    repeat(available) {
      if (missed.size === 0 || isRepeating) return
      isRepeating = true
      void repeatAll(available).finally(() => {
        isRepeating = false
      })
    },
  }
}

/** The change that deletes the record of a change. */
export const removalOf = (change: StoreChange): StoreChange[] =>
  change.type === 'put'
    ? [{ type: 'delete', collection: change.collection, key: change.record.key }]
    : [change]
