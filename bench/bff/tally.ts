/** The things that happen to the users of a soak. */
export type Happening =
  | 'sign-ins'
  | 'calls of the API'
  | 'forged calls refused'
  | 'sign-outs'
  | 'back-channel logouts'
  | 'foreign answers'
  | 'sessions lost'
  | 'sessions that outlived a sign-out'
  /** The provider sends a logout token once. */
  | 'logout tokens lost on the way'
  | 'forged calls answered'

export type Tally = ReturnType<typeof createTally>

/** Counts what happens, and the outcomes that are no success. */
export function createTally() {
  const happenings = new Map<Happening, number>()
  /** Outcomes with a clear cause: the user repeats. */
  const clear = new Map<string, number>()
  const unclear = new Map<string, number>()
  let longestMs = 0
  const add = <Key>(counts: Map<Key, number>, key: Key) =>
    void counts.set(key, (counts.get(key) ?? 0) + 1)
  return {
    count: (what: Happening) => add(happenings, what),
    of: (what: Happening) => happenings.get(what) ?? 0,
    clear: (outcome: string) => add(clear, outcome),
    unclear: (outcome: string) => add(unclear, outcome),
    /** Measures a step of a user. */
    async timed<T>(work: Promise<T>): Promise<T> {
      const beganMs = performance.now()
      try {
        return await work
      } finally {
        longestMs = Math.max(longestMs, performance.now() - beganMs)
      }
    },
    longestMs: () => longestMs,
    clearOutcomes: () => clear,
    unclearOutcomes: () => unclear,
  }
}
