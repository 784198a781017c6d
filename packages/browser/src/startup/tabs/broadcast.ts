/**
 * Opens a `BroadcastChannel`. `undefined` if the browser has none or refuses it, like Firefox when it blocks all site data.
 */
export function openBroadcast(name: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(name)
  } catch {
    return undefined
  }
}
