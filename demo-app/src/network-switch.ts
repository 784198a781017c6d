export type NetworkSwitch = ReturnType<typeof createNetworkSwitch>

/**
 * A network that can be switched off. What the client and the page ask fails meanwhile, as it does without a network;
 * a browser says when there is one again by the event that is dispatched here.
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
