/** A part that loads when it is first needed. */
export interface Lazy<T> {
  /** The part. If it fails to load, the next call tries again. */
  get(): Promise<T>
  isLoaded(): boolean
  /** The part while it loads, and `undefined` before and after. */
  pending(): Promise<T> | undefined
}

/** Loads a part at the first call, once. */
export function lazily<T>(load: () => Promise<T>): Lazy<T> {
  let loading: Promise<T> | undefined
  let loaded = false

  function get(): Promise<T> {
    loading ??= load().then(
      (part) => {
        loaded = true
        return part
      },
      (error) => {
        loading = undefined
        throw error
      },
    )
    return loading
  }

  return {
    get,
    isLoaded: () => loaded,
    pending: () => (loaded ? undefined : loading),
  }
}
