/** The work that a client has under way. */
export interface Work {
  /** Counts `work` as under way until it settles. */
  during<T>(work: Promise<T>): Promise<T>
  /** Resolves when nothing is under way. */
  ended(): Promise<void>
}

/** The work of a client that is under way. Closing waits for it: a rotated token that nobody keeps is a lost session. */
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
