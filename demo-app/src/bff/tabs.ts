const NAME = 'carnet-demo-session'

/** Tells other tabs of this app that the session has changed. The message says no more: each tab asks the server. */
export function createTabs(check: () => void) {
  const channel = new BroadcastChannel(NAME)
  channel.addEventListener('message', check)
  // The session may end while the tab is in the background: by time, or by the provider.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') check()
  })
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) check()
  })
  return { tell: () => channel.postMessage('changed') }
}
