type Listener<Values extends unknown[]> = (...values: Values) => unknown

/** The listeners of one event. */
export interface Event<Values extends unknown[]> {
  /** Adds a listener, and returns the function that removes it. */
  add(listener: Listener<Values>): () => void
  remove(listener: Listener<Values>): void
  /** Calls the listeners in their order, and waits for each. The error of a listener ends the event. */
  raise(...values: Values): Promise<void>
}

/** Creates an event. Apps rely on the order of the listeners, and on the wait for each of them. */
export function createEvent<Values extends unknown[] = []>(): Event<Values> {
  const listeners: Listener<Values>[] = []

  function remove(listener: Listener<Values>): void {
    const at = listeners.lastIndexOf(listener)
    if (at >= 0) listeners.splice(at, 1)
  }

  return {
    add(listener) {
      listeners.push(listener)
      return () => remove(listener)
    },
    remove,
    async raise(...values) {
      for (const listener of listeners) await listener(...values)
    },
  }
}
