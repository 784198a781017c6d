/**
 * The names of the Web Locks that pages of this origin hold; `undefined` if the browser has no Web Locks or refuses them.
 */
export async function heldLocks(): Promise<readonly (string | undefined)[] | undefined> {
  try {
    const { held = [] } = await navigator.locks.query()
    return held.map(({ name }) => name)
  } catch {
    return undefined
  }
}

/** Holds a Web Lock until `over` resolves. Does nothing if the browser refuses it. */
export async function holdLock(name: string, over: Promise<void>): Promise<void> {
  try {
    await navigator.locks.request(name, () => over)
  } catch {
    // Other pages then wait for a limited time instead.
  }
}
