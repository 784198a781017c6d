/**
 * Wraps an asynchronous read. If reads overlap, it shows only the last result. It ignores a failed read:
 * the user removed the account during the read.
 */
export function createLatest<T>(read: () => Promise<T>, show: (value: T) => void) {
  let last = 0

  function refresh(): void {
    const own = ++last
    read().then(
      (value) => {
        if (own === last) show(value)
      },
      () => undefined,
    )
  }

  /** Ignores the results of running reads. */
  refresh.close = (): void => {
    last += 1
  }
  return refresh
}
