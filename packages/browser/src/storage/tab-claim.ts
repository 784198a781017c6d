import { escapeKey } from '@carnet/core'
import { openBroadcast } from '../startup/broadcast.ts'
import type { FirstPage } from '../startup/first-page.ts'
import { heldLocks } from '../tabs/web-locks.ts'

/** How long a page waits for the lock of its tab, which the page before it in the tab may hold for a moment longer. */
const WAIT_MS = 1000
/** The same after a reload. The page before it in the tab almost certainly is the holder, and may end late. */
const WAIT_AFTER_RELOAD_MS = 5000
/** A page that has just begun may not listen yet. */
const ASK_AGAIN_MS = 50

/** Says whether the `sessionStorage` of this page is that of its tab, or a copy of another tab's. */
export interface TabClaim {
  /** Resolves when that is decided; a copy has dropped by then what only one tab may use. */
  settled(): Promise<void>
  close(): void
}

type Outcome = 'owner' | 'same tab' | 'copy'

/**
 * Browsers copy `sessionStorage` when a user duplicates a tab, or a page opens a window that knows its opener. Both tabs
 * then hold the same refresh tokens, and a provider that rotates them ends both sessions when it sees one twice.
 *
 * So each tab has an id in its storage, and one page of it holds the Web Lock of that id. A page that finds the lock held
 * asks the holder whether both see the same storage: then they are in one tab, as a page and its frame are. Otherwise,
 * or without an answer, the page is a copy. It calls `onCopy` and takes an id of its own.
 */
export function createTabClaim(
  storage: Storage,
  name: string,
  onCopy: () => void,
  page?: Pick<FirstPage, 'onStored' | 'onRestored'>,
): TabClaim {
  const prefix = `carnet-tab|${escapeKey(name)}|`
  const idKey = `${prefix}id`
  let release = () => {}
  let claiming: Promise<void>
  claimAnew()
  const stops = [
    // A page in the back-forward cache keeps no lock: the page after it in the tab is the owner meanwhile.
    page?.onStored(() => release()),
    page?.onRestored(() => {
      release()
      claimAnew()
    }),
  ]

  function claimAnew(): void {
    claiming = claim()
    claiming.catch(() => undefined) // The store reports it.
  }

  async function claim(): Promise<void> {
    const id = storage.getItem(idKey)
    if (id === null) return takeNewId()
    if ((await contend(id, false)) !== 'copy') return
    // Another client of this page may have found the same out, and acted.
    if (storage.getItem(idKey) !== id) return claim()
    onCopy()
    return takeNewId()
  }

  async function takeNewId(): Promise<void> {
    const id = crypto.randomUUID()
    storage.setItem(idKey, id)
    await contend(id, true)
  }

  /** @param isNew Whether no other page can know the id. */
  function contend(id: string, isNew: boolean): Promise<Outcome> {
    return new Promise((resolve) => {
      const over = new AbortController()
      const { signal } = over
      const channel = openBroadcast(prefix + id)
      const nonce = crypto.randomUUID()
      let isInTab = false
      const asking = setInterval(ask, ASK_AGAIN_MS)
      const waitMs = isReload() ? WAIT_AFTER_RELOAD_MS : WAIT_MS
      const patience = setTimeout(() => end(isNew ? 'owner' : 'copy'), waitMs)
      release = () => {
        stopAsking()
        channel?.close()
        over.abort()
        resolve('owner') // Nobody waits for this outcome: the page is stored, or the client closed.
      }

      function ask(): void {
        channel?.postMessage({ ask: nonce })
      }
      function stopAsking(): void {
        clearInterval(asking)
        clearTimeout(patience)
        storage.removeItem(prefix + nonce)
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
            isSameTab: storage.getItem(prefix + message.ask) !== null,
          })
        if (!isInTab && message.answer === nonce) end(message.isSameTab ? 'same tab' : 'copy')
      })
      storage.setItem(prefix + nonce, '')
      hold(prefix + id, signal, () => end('owner')).catch(() => {
        // Without Web Locks nothing tells a copy in time, except that a reload makes none.
        if (!signal.aborted && (isNew || isReload())) end('owner')
      })
      ask()
    })
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

/**
 * Holds a Web Lock from when it is granted until `signal` aborts. A frame waits for it while its page lives.
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
