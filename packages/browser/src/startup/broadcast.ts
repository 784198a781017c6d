/**
 * Opens a channel of the origin. Nothing where there are none, or the browser refuses them, as Firefox does where it
 * keeps all site data away.
 */
export function openBroadcast(name: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(name)
  } catch {
    return undefined
  }
}
