/** The work in progress of a client. */
export interface InFlight {
  /** Counts `work` as in progress until it settles. */
  track<T>(work: Promise<T>): Promise<T>
  /** Resolves when no work is in progress. */
  whenIdle(): Promise<void>
}

/** Tracks the work in progress. `close` waits for it, because a rotated token that is not stored is a lost session. */
export function createInFlight(): InFlight {
  const running = new Set<Promise<unknown>>()
  return {
    track<T>(work: Promise<T>): Promise<T> {
      running.add(work)
      const end = () => void running.delete(work)
      work.then(end, end)
      return work
    },
    async whenIdle(): Promise<void> {
      while (running.size > 0) await Promise.allSettled(running)
    },
  }
}
