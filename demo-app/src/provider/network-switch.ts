export type NetworkSwitch = ReturnType<typeof createNetworkSwitch>

/**
 * A network that can go offline. All requests then fail, as they do without a network. The switch
 * dispatches the same events as a browser.
 */
export function createNetworkSwitch() {
  let isOff = false
  /** Puts the switch before a `fetch`. */
  const over =
    (send: typeof fetch): typeof fetch =>
    (input, init) =>
      isOff ? Promise.reject(new TypeError('The demo is offline.')) : send(input, init)

  return {
    over,
    fetch: over((input, init) => fetch(input, init)),
    isOff: () => isOff,
    turn(off: boolean): void {
      isOff = off
      dispatchEvent(new Event(off ? 'offline' : 'online'))
    },
  }
}
