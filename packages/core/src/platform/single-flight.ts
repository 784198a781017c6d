/** Runs at most one `start` per key at a time. Callers with the same key share the running promise. */
export function createSingleFlight<T>() {
  const inFlight = new Map<string, Promise<T>>()

  return function singleFlight(key: string, start: () => Promise<T>): Promise<T> {
    const joined = inFlight.get(key)
    if (joined !== undefined) return joined
    const flight = start().finally(() => inFlight.delete(key))
    inFlight.set(key, flight)
    return flight
  }
}
