/** Smaller differences come from the network. */
const LEAST_OFFSET_MS = 5000

/** The clocks of servers: a proof must have the time of its server. */
export interface Clocks {
  /** The time of the server, in milliseconds since the epoch. `aheadMs` counts until something better is known. */
  nowAt(url: string, aheadMs?: number): number
  /** Sets the time of a server. Returns true if the clock changed. */
  set(url: string, timeMs: number): boolean
  isKnown(url: string): boolean
}

export function createClocks(now: () => number): Clocks {
  /** How far the clock of an origin is ahead of this page, in milliseconds. */
  const offsets = new Map<string, number>()
  const originOf = (url: string) => new URL(url).origin

  return {
    nowAt: (url, aheadMs = 0) => now() + (offsets.get(originOf(url)) ?? aheadMs),
    set(url, timeMs) {
      const offsetMs = timeMs - now()
      const before = offsets.get(originOf(url)) ?? 0
      if (!Number.isFinite(offsetMs) || Math.abs(offsetMs - before) < LEAST_OFFSET_MS) return false
      offsets.set(originOf(url), offsetMs)
      return true
    },
    isKnown: (url) => offsets.has(originOf(url)),
  }
}
