import type { FirstPage } from '../startup/first-page.ts'
import { type Destination, goTo } from './destination.ts'
import { type StartedNavigation, watchNavigation } from './page-navigation.ts'

/** What Carnet does with the page that it runs in. */
export interface Page extends FirstPage {
  /** Leaves the page, unless the navigation is stopped. */
  navigate(destination: Destination): StartedNavigation
  /** Writes the text that `tabNote` reads. Does nothing if the browser refuses `sessionStorage`. */
  setTabNote(key: string, value: string): void
  /** True if the user did something on this page, as far as the browser tells. */
  wasUsed(): boolean
  /** Calls back whenever time may have passed unseen. Returns the way to stop. */
  onWake(callback: (why: Wake) => void): () => void
  isOnline(): boolean
  /** The time by the clock of the app's own server, which any answer of it tells. */
  serverTimeMs(): Promise<number | undefined>
  /** Asks the browser not to evict the storage of this origin. */
  keepStorage(): Promise<void>
}

/**
 * `slept`: the page was frozen, in the back-forward cache, or hidden for more than a minute, and what other tabs said may
 * have been lost; `online` again; `shown` again after a moment.
 */
export type Wake = 'slept' | 'online' | 'shown'

/**
 * For so long `isActive` tells of an action of the user. Chromium keeps `hasBeenActive` over navigations within an origin,
 * also through the provider: on a page that is not older, it may tell of a former page.
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
        // Refused by the browser.
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
