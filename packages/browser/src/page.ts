/** What Carnet does with the page that it runs in. The only reader of `window`. */
export interface Page {
  readonly origin: string
  href(): string
  /** Changes the address without loading anything, and tells routers that already run. */
  replaceUrl(url: string): void
  /** Leaves the page. */
  navigate(url: string): void
  /** Closes the window, where the browser lets a script do so. */
  close(): void
  /** The name of the frame that the page is in; nothing where it is in none. */
  frameName(): string | undefined
  /** Calls back each time the page goes into the back-forward cache. Returns the way to stop. */
  onStored(callback: () => void): () => void
  /** Calls back each time the page comes out of the back-forward cache. Returns the way to stop. */
  onRestored(callback: () => void): () => void
  /** Calls back whenever time may have passed unseen. Returns the way to stop. */
  onWake(callback: (why: Wake) => void): () => void
  isOnline(): boolean
  /** The time by the clock of the app's own server, which any answer of it tells. */
  serverTimeMs(): Promise<number | undefined>
  /** Asks the browser not to evict the storage of this origin. */
  keepStorage(): Promise<void>
  /** Calls back once, when the page has nothing better to do. Returns the way to stop. */
  whenIdle(callback: () => void): () => void
}

/**
 * `slept`: the page was frozen, in the back-forward cache, or hidden for more than a minute, and what other tabs said may
 * have been lost; `online` again; `shown` again after a moment.
 */
export type Wake = 'slept' | 'online' | 'shown'

const LONGEST_MOMENT_MS = 60_000

export function browserPage(): Page {
  return {
    origin: location.origin,
    href: () => location.href,
    replaceUrl(url) {
      const before = location.href
      history.replaceState(history.state, '', url)
      if (location.href === before) return
      dispatchEvent(new PopStateEvent('popstate', { state: history.state }))
      if (new URL(before).hash !== location.hash)
        dispatchEvent(new HashChangeEvent('hashchange', { oldURL: before, newURL: location.href }))
    },
    navigate: (url) => location.assign(url),
    close: () => window.close(),
    frameName: () => (window.parent === window ? undefined : window.name),
    onStored: (callback) => onTransition('pagehide', callback),
    onRestored: (callback) => onTransition('pageshow', callback),
    onWake(callback) {
      let hiddenAtMs: number | undefined
      const whenSlept = () => callback('slept')
      const whenOnline = () => callback('online')
      const whenVisible = () => {
        const sinceMs = hiddenAtMs ?? Date.now()
        hiddenAtMs = document.visibilityState === 'hidden' ? Date.now() : undefined
        if (hiddenAtMs === undefined)
          callback(Date.now() - sinceMs > LONGEST_MOMENT_MS ? 'slept' : 'shown')
      }
      const stopRestored = onTransition('pageshow', whenSlept)
      addEventListener('online', whenOnline)
      document.addEventListener('visibilitychange', whenVisible)
      document.addEventListener('resume', whenSlept)
      return () => {
        stopRestored()
        removeEventListener('online', whenOnline)
        document.removeEventListener('visibilitychange', whenVisible)
        document.removeEventListener('resume', whenSlept)
      }
    },
    isOnline: () => navigator.onLine,
    async serverTimeMs() {
      const own = location.origin + location.pathname
      const signal = AbortSignal.timeout(3000)
      const answer = await fetch(own, { method: 'HEAD', cache: 'no-store', signal })
      const timeMs = Date.parse(answer.headers.get('date') ?? '')
      return Number.isNaN(timeMs) ? undefined : timeMs
    },
    async keepStorage() {
      await navigator.storage?.persist?.()
    },
    whenIdle(callback) {
      if (typeof requestIdleCallback === 'function') {
        const handle = requestIdleCallback(callback, { timeout: 2000 })
        return () => cancelIdleCallback(handle)
      }
      const timer = setTimeout(callback, 200)
      return () => clearTimeout(timer)
    },
  }
}

function onTransition(type: 'pagehide' | 'pageshow', callback: () => void): () => void {
  const hear = (event: PageTransitionEvent) => event.persisted && callback()
  addEventListener(type, hear)
  return () => removeEventListener(type, hear)
}
