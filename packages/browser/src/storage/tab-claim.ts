import { tabClaimName } from '@carnet/core'
import type { FirstPage } from '../startup/page/first-page.ts'
import { openBroadcast } from '../startup/tabs/broadcast.ts'
import { heldLocks } from '../tabs/web-locks.ts'

/** The longest wait for the lock of the tab: the previous page of the tab may still hold it for a moment. */
const WAIT_MS = 1000
/** The same after a reload: the previous page of the tab almost certainly holds the lock, and may end late. */
const WAIT_AFTER_RELOAD_MS = 5000
/** The interval of the questions: a page that has just started may not listen yet. */
const ASK_AGAIN_MS = 50

/** Decides whether the `sessionStorage` of this page belongs to its tab, or is a copy of another tab's storage. */
export interface TabClaim {
  /** Resolves after the decision. A copy has dropped its refresh tokens by then. */
  settled(): Promise<void>
  close(): void
}

type Outcome = 'owner' | 'same tab' | 'copy'

/**
 * Browsers copy `sessionStorage` when a user duplicates a tab, or when a page opens a window with an opener. Both tabs then
 * hold the same refresh tokens. A provider with rotation ends both sessions when it receives a refresh token twice.
 *
 * So each tab has an id in its storage, and one page of the tab holds the Web Lock of the id. If the lock is taken, a new page
 * asks the holder whether both use the same storage. If they do, they are in one tab, like a page and its iframe. Otherwise,
 * or without an answer, the new page is a copy: it calls `onCopy` and creates its own id.
 */
export function createTabClaim(
  storage: Storage,
  name: string,
  onCopy: () => void,
  page?: Pick<FirstPage, 'onStored' | 'onRestored'>,
): TabClaim {
  const nameOf = (part: string) => tabClaimName(name, part)
  const idKey = nameOf('id')
  const { contend, release } = createContest(storage, nameOf)
  let claiming: Promise<void>
  claimAnew()
  const stops = [
    // A page in the back-forward cache releases the lock: the next page of the tab is the owner meanwhile.
    page?.onStored(release),
    page?.onRestored(() => {
      release()
      claimAnew()
    }),
  ]

  function claimAnew(): void {
    claiming = claim()
    claiming.catch(() => undefined) // The store reports the failure.
  }

  async function claim(): Promise<void> {
    const id = storage.getItem(idKey)
    if (id === null) return takeNewId()
    if ((await contend(id, false)) !== 'copy') return
    // Another client of this page may have made the same decision first.
    if (storage.getItem(idKey) !== id) return claim()
    onCopy()
    return takeNewId()
  }

  async function takeNewId(): Promise<void> {
    const id = crypto.randomUUID()
    storage.setItem(idKey, id)
    await contend(id, true)
  }

  return {
    async settled() {
      let seen: Promise<void> | undefined
      while (seen !== claiming) {
        seen = claiming
        await seen
      }
    },
    close() {
      for (const stop of stops) stop?.()
      release()
    },
  }
}

/** Lets this page contend for the lock of a tab id. Another page may hold the lock, or want it too. */
function createContest(storage: Storage, nameOf: (part: string) => string) {
  /** Ends the last contest, and releases its lock. */
  let releaseCurrent = () => {}
  const release = () => releaseCurrent()

  /** @param isNew True if no other page can know the id. */
  function contend(id: string, isNew: boolean): Promise<Outcome> {
    return new Promise((resolve) => {
      const over = new AbortController()
      const { signal } = over
      const channel = openBroadcast(nameOf(id))
      const nonce = crypto.randomUUID()
      let isInTab = false
      const asking = setInterval(ask, ASK_AGAIN_MS)
      const waitMs = isReload() ? WAIT_AFTER_RELOAD_MS : WAIT_MS
      const patience = setTimeout(() => end(isNew ? 'owner' : 'copy'), waitMs)
      releaseCurrent = () => {
        stopAsking()
        channel?.close()
        over.abort()
        resolve('owner') // This outcome is not used: the page is in the back-forward cache, or the client is closed.
      }

      function ask(): void {
        channel?.postMessage({ ask: nonce })
      }
      function stopAsking(): void {
        clearInterval(asking)
        clearTimeout(patience)
        storage.removeItem(nameOf(nonce))
      }
      function end(outcome: Outcome): void {
        resolve(outcome)
        stopAsking()
        isInTab = outcome !== 'copy'
        if (!isInTab) release()
      }
      channel?.addEventListener('message', ({ data }: MessageEvent) => {
        const message = Object(data) as Record<string, unknown>
        if (isInTab && typeof message.ask === 'string')
          channel.postMessage({
            answer: message.ask,
            isSameTab: storage.getItem(nameOf(message.ask)) !== null,
          })
        if (!isInTab && message.answer === nonce) end(message.isSameTab ? 'same tab' : 'copy')
      })
      storage.setItem(nameOf(nonce), '')
      hold(nameOf(id), signal, () => end('owner')).catch(() => {
        // Without Web Locks a copy cannot be detected in time. But a reload never makes a copy.
        if (!signal.aborted && (isNew || isReload())) end('owner')
      })
      ask()
    })
  }

  return { contend, release }
}

/**
 * Holds a Web Lock until `signal` aborts. An iframe waits for the lock as long as its page exists.
 *
 * Chromium loses the abort of a request that it has not registered yet: the lock is granted later, and nothing
 * releases it. The browser answers a query after it has registered the request, so the abort waits for that answer.
 */
async function hold(name: string, signal: AbortSignal, onGranted: () => void): Promise<void> {
  const waiting = new AbortController()
  const request = navigator.locks.request(name, { signal: waiting.signal }, () => {
    if (signal.aborted) return
    onGranted()
    return new Promise<void>((resolve) =>
      signal.addEventListener('abort', () => resolve(), { once: true }),
    )
  })
  const registered = heldLocks()
  signal.addEventListener('abort', () => void registered.then(() => waiting.abort()))
  await request
}

const isReload = () => {
  const [navigation] = performance.getEntriesByType('navigation')
  return (navigation as PerformanceNavigationTiming | undefined)?.type === 'reload'
}
