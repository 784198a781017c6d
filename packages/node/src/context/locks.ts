/** Runs work one at a time for each name, in this process. */
export function createLocalLocks() {
  const tails = new Map<string, Promise<unknown>>()

  return function withLocalLock<T>(name: string, work: () => Promise<T>): Promise<T> {
    const turn = (tails.get(name) ?? Promise.resolve()).then(work, work)
    const tail = turn.catch(() => undefined)
    tails.set(name, tail)
    tail.then(() => {
      if (tails.get(name) === tail) tails.delete(name)
    })
    return turn
  }
}
