/** The work in progress of a client. */
export interface Work {
  /** Counts `work` as in progress until it settles. */
  during<T>(work: Promise<T>): Promise<T>
  /** Resolves when no work is in progress. */
  ended(): Promise<void>
}

/** Tracks the work in progress. `close` waits for it, because a rotated token that is not stored is a lost session. */
export function createWork(): Work {
  const running = new Set<Promise<unknown>>()
  return {
    during<T>(work: Promise<T>): Promise<T> {
      running.add(work)
      const end = () => void running.delete(work)
      work.then(end, end)
      return work
    },
    async ended(): Promise<void> {
      while (running.size > 0) await Promise.allSettled(running)
    },
  }
}
