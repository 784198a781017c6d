/** Reports a failure once. */
export function onlyOnce(report: (cause: unknown) => void): (cause: unknown) => undefined {
  let isDone = false
  return (cause) => {
    if (!isDone) report(cause)
    isDone = true
  }
}
