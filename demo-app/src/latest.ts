/**
 * A reading that can be asked for at any time: of those that overlap only the last one is shown. One
 * that fails shows nothing: its account was removed while it was under way.
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

  /** What is under way is not shown any more. */
  refresh.close = (): void => {
    last += 1
  }
  return refresh
}
