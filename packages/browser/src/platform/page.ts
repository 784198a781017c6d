import type { FirstPage } from '../startup/page/first-page.ts'
import { type Destination, goTo } from './destination.ts'
import { type StartedNavigation, watchNavigation } from './page-navigation.ts'

/** The functions of the page that Carnet uses. */
export interface Page extends FirstPage {
  /** Leaves the page, unless the navigation is stopped. */
  navigate(destination: Destination): StartedNavigation
  /** Writes the text that `tabNote` reads. Does nothing if the browser refuses `sessionStorage`. */
  setTabNote(key: string, value: string): void
  /** True if the user interacted with this page, as far as the browser reports. */
  wasUsed(): boolean
  /** Calls back after any time in which the page may have missed events. Returns a function that stops it. */
  onWake(callback: (why: Wake) => void): () => void
  /** Calls back when the browser freezes the page, also in the back-forward cache. Returns a function that stops it. */
  onFrozen(callback: () => void): () => void
  isOnline(): boolean
  /** The time by the clock of the app's own server, from the `Date` header of a response. */
  serverTimeMs(): Promise<number | undefined>
  /** Asks the browser not to evict the storage of this origin. */
  keepStorage(): Promise<void>
}

/**
 * `slept`: the page was frozen, in the back-forward cache, or hidden for more than a minute, and may have missed messages of
 * other tabs. `online`: the network is available again. `shown`: the page is visible again after a short time.
 */
export type Wake = 'slept' | 'online' | 'shown'

/**
 * `isActive` reports an action of the user for this time. Chromium keeps `hasBeenActive` across navigations within an origin,
 * even through the provider. So on a younger page, `hasBeenActive` may come from an earlier page.
 */
const ACTIVATION_LASTS_MS = 5000

const LONGEST_MOMENT_MS = 60_000

export function wholePage(first: FirstPage): Page {
  return {
    ...first,
    navigate: (destination) => watchNavigation(() => goTo(destination, window)),
    setTabNote(key, value) {
      try {
        sessionStorage.setItem(key, value)
      } catch {
        // The browser refuses it.
      }
    },
    wasUsed() {
      const { isActive = false, hasBeenActive = false } = navigator.userActivation ?? {}
      return isActive || (hasBeenActive && performance.now() > ACTIVATION_LASTS_MS)
    },
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
      const stopRestored = first.onRestored(whenSlept)
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
    onFrozen(callback) {
      const stopStored = first.onStored(callback)
      document.addEventListener('freeze', callback)
      return () => {
        stopStored()
        document.removeEventListener('freeze', callback)
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
  }
}
