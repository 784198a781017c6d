type Pass = (name: string, args: readonly unknown[]) => Promise<unknown>

/**
 * Adds methods to a class that pass their calls on. They are inherited, so that a class of the app can override them, and
 * enumerable they are not, as methods of a class.
 *
 * @param pass Gets the object, and returns the function that answers its calls.
 */
export function addPassingMethods<Instance extends object>(
  prototype: Instance,
  names: string,
  pass: (instance: Instance) => Pass,
): void {
  for (const name of names.split(' '))
    Object.defineProperty(prototype, name, {
      configurable: true,
      writable: true,
      value(this: Instance, ...args: readonly unknown[]) {
        return pass(this)(name, args)
      },
    })
}

/**
 * Loads a part once. After a failure, the next call tries again. Carnet has such a function inside, but this package uses its public
 * interface only, and loads Carnet itself by this function.
 */
export function loadOnce<Part>(load: () => Promise<Part>): {
  /** The part, if it is loaded. */
  now(): Part | undefined
  get(): Promise<Part>
} {
  let part: Part | undefined
  let loading: Promise<Part> | undefined
  return {
    now: () => part,
    get() {
      loading ??= load().then(
        (loaded) => {
          part = loaded
          return loaded
        },
        (error) => {
          loading = undefined
          throw error
        },
      )
      return loading
    },
  }
}
