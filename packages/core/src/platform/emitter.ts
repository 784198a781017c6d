/** Calls listeners when an event occurs. */
export interface Emitter<Events> {
  /** Adds a listener. Returns a function that removes it. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void
  /** Calls the listeners. Returns true if there was at least one listener. */
  emit: <Name extends keyof Events>(name: Name, event: Events[Name]) => boolean
  /** Like `emit`, and calls later listeners with the event as soon as they are added. */
  keep<Name extends keyof Events>(name: Name, event: Events[Name]): void
  /** Removes all listeners. */
  clear(): void
}

/**
 * Calls listeners after a change. If a listener throws, the error goes to `report` and the other listeners still run.
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
