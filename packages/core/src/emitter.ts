/** Tells listeners after the fact. A listener that throws is reported, and stops nobody. */
export function createEmitter<Events>(report: (error: unknown) => void) {
  const listeners = new Map<keyof Events, Set<(event: never) => void>>()

  return {
    /** Returns the way to stop listening. */
    on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void {
      const heard = listeners.get(name) ?? new Set()
      listeners.set(name, heard.add(listener))
      return () => void heard.delete(listener)
    },
    emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
      for (const listener of [...(listeners.get(name) ?? [])]) {
        try {
          ;(listener as (event: Events[Name]) => void)(event)
        } catch (error) {
          report(error)
        }
      }
    },
    clear(): void {
      listeners.clear()
    },
  }
}
