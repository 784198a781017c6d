/** Smaller differences come from the network and from the whole seconds of the header. */
const LEAST_OFFSET_MS = 30_000

/** Knows the time of the provider from its responses. Assertions of a machine with a wrong clock are then valid. */
export interface ProviderClock {
  now(): number
  /** The time of the provider; `undefined` before its first response. */
  known(): number | undefined
  /** Notes the `Date` header of a response (RFC 9110 section 6.6.1). A response of a cache has an old date. */
  note(headers: Headers): void
}

export function createProviderClock(now: () => number): ProviderClock {
  let offsetMs: number | undefined
  return {
    now: () => now() + (offsetMs ?? 0),
    known: () => (offsetMs === undefined ? undefined : now() + offsetMs),
    note(headers) {
      const dateMs = Date.parse(headers.get('date') ?? '')
      if (Number.isNaN(dateMs) || headers.has('age')) return
      const seenMs = dateMs - now()
      offsetMs = Math.abs(seenMs) < LEAST_OFFSET_MS ? 0 : seenMs
    },
  }
}
