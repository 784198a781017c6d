import type { RecordStore, StoredRecord } from '@carnet/core'
import type { FirstReads } from './first-reads.ts'

export interface PageReads {
  find: RecordStore['find']
  /** From now on all reads use the full store. */
  handOver(): void
}

/** Creates the reads of a page. They use the first connection, or the full store if that fails. */
export function createPageReads(
  first: FirstReads | undefined,
  whole: () => Promise<RecordStore>,
): PageReads {
  let isOver = first === undefined
  return {
    async find(...name): Promise<StoredRecord[]> {
      const found = isOver ? undefined : await first?.find(...name).catch(() => undefined)
      // After the hand-over every read must use the full store, which tracks the records that were read.
      return found && !isOver ? found : (await whole()).find(...name)
    },
    handOver() {
      isOver = true
    },
  }
}
