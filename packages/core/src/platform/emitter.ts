/** Tells listeners of events. */
export interface Emitter<Events> {
  /** Returns the way to stop listening. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void
  /** Returns whether anybody heard. */
  emit: <Name extends keyof Events>(name: Name, event: Events[Name]) => boolean
  /** Tells those too who begin to listen later. */
  keep<Name extends keyof Events>(name: Name, event: Events[Name]): void
  /** Forgets all listeners. */
  clear(): void
}

/**
 * Calls listeners after the fact. A listener that throws is reported, and stops no other listener.
 *
 * @param after Called after the listeners of each event.
 */
export function createEmitter<Events>(
  report: (error: unknown) => void,
  after?: (name: keyof Events) => void,
): Emitter<Events> {
  const listeners = new Map<keyof Events, Set<(event: never) => void>>()
  const kept = new Map<keyof Events, Events[keyof Events]>()

  function tell<Event>(listener: (event: Event) => void, event: Event): void {
    try {
      listener(event)
    } catch (error) {
      report(error)
    }
  }

  /** Returns whether anybody heard. */
  function emit<Name extends keyof Events>(name: Name, event: Events[Name]): boolean {
    const heard = [...(listeners.get(name) ?? [])]
    for (const listener of heard) tell(listener as (event: Events[Name]) => void, event)
    after?.(name)
    return heard.length > 0
  }

  return {
    on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void {
      const heard = listeners.get(name) ?? new Set()
      listeners.set(name, heard.add(listener))
      if (kept.has(name)) tell(listener, kept.get(name) as Events[Name])
      return () => void heard.delete(listener)
    },
    emit,
    keep<Name extends keyof Events>(name: Name, event: Events[Name]): void {
      kept.set(name, event)
      emit(name, event)
    },
    clear(): void {
      listeners.clear()
    },
  }
}
