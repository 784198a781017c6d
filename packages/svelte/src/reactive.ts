import { createSubscriber } from 'svelte/reactivity'

/** A value, or a function that reads it anew, for example from `$state`. */
export type MaybeGetter<T> = T | (() => T)

/** A value that changes. Read `current` where it is used. */
export interface Current<T> {
  readonly current: T
}

export const currentOf = <T>(read: () => T): Current<T> => ({
  get current() {
    return read()
  },
})

/**
 * Returns a function that reads a value. An effect that calls it runs again when the value changes. It needs no runes, so the package
 * needs no compiler.
 *
 * @param start Follows the value while effects read it, and returns the function that ends this.
 */
export function trackedReader<T>(
  start: (onChange: () => void) => () => void,
  read: () => T,
): () => T {
  const track = createSubscriber(start)
  return () => {
    track()
    return read()
  }
}
