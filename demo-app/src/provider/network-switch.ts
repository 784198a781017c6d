export type NetworkSwitch = ReturnType<typeof createNetworkSwitch>

/**
 * A `fetch` that can go offline. All requests then fail, as they do without a network. The switch
 * dispatches the same events as a browser.
 */
export function createNetworkSwitch() {
  let isOff = false
  const switchedFetch: typeof fetch = (input, init) =>
    isOff ? Promise.reject(new TypeError('The demo is offline.')) : fetch(input, init)

  return {
    fetch: switchedFetch,
    isOff: () => isOff,
    turn(off: boolean): void {
      isOff = off
      dispatchEvent(new Event(off ? 'offline' : 'online'))
    },
  }
}
