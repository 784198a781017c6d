import type { RecordStore, StoredRecord } from '@carnet/core'
import type { FirstReads } from './first-reads.ts'

export interface PageReads {
  find: RecordStore['find']
  /** From now on the whole store reads. */
  handOver(): void
}

/** Reads for a page: over the first connection, and where that cannot do, from the whole store. */
export function createPageReads(
  first: FirstReads | undefined,
  whole: () => Promise<RecordStore>,
): PageReads {
  let isOver = first === undefined
  return {
    async find(...name): Promise<StoredRecord[]> {
      const found = isOver ? undefined : await first?.find(...name).catch(() => undefined)
      // The whole store knows what was read before it was there, not what is read beside it.
      return found && !isOver ? found : (await whole()).find(...name)
    },
    handOver() {
      isOver = true
    },
  }
}
