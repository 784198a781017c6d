import { expect } from '@playwright/test'
import { chromiumOptions } from '../../../scripts/browser.mjs'
import type { App } from '../app.ts'

/** The full browser with its back-forward cache, which Playwright disables by default. */
export const fullChromium = {
  launchOptions: {
    ...chromiumOptions(true),
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  },
}

/** Counts active timers and listeners of each page, and records a restore from the back-forward cache. */
export async function countsLeftovers({ page }: App): Promise<void> {
  await page.context().addInitScript(countLeftovers)
  await page.reload()
}

function countLeftovers(): void {
  const timers = new Set<unknown>()
  const listeners = new Map<string, Set<unknown>>()
  Object.assign(window, { leftovers: { timers, listeners, wasRestored: false } })
  addEventListener('pageshow', ({ persisted }) =>
    Object.assign(window.leftovers, { wasRestored: persisted }),
  )

  /** Counts the timers. If Playwright's fake clock replaces them later, its timers are counted instead. */
  function counts(start: 'setTimeout' | 'setInterval', stop: 'clearTimeout' | 'clearInterval') {
    const begin: (work: () => void, ms?: number) => unknown = window[start].bind(window)
    const end: (id: never) => void = window[stop].bind(window)
    let isReplaced = false
    const begins = (work: () => void, ms?: number) => {
      if (isReplaced) return begin(work, ms)
      const id = begin(() => {
        if (start === 'setTimeout') timers.delete(id)
        work()
      }, ms)
      timers.add(id)
      return id
    }
    const ends = (id: never) => {
      timers.delete(id)
      end(id)
    }
    const define = (name: string, value: unknown) =>
      Object.defineProperty(window, name, {
        configurable: true,
        get: () => value,
        set(other: unknown) {
          Object.defineProperty(window, name, { configurable: true, writable: true, value: other })
          if (!isReplaced) queueMicrotask(() => counts(start, stop))
          isReplaced = true
          timers.clear()
        },
      })
    define(start, begins)
    define(stop, ends)
  }
  counts('setTimeout', 'clearTimeout')
  counts('setInterval', 'clearInterval')

  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype
  const ofType = (type: string) => {
    const known = listeners.get(type) ?? new Set()
    listeners.set(type, known)
    return known
  }
  for (const target of [Window.prototype, Document.prototype] as EventTarget[])
    Object.assign(target, {
      addEventListener(this: EventTarget, type: string, listener: () => void, options?: object) {
        ofType(type).add(listener)
        return add.call(this, type, listener, options)
      },
      removeEventListener(this: EventTarget, type: string, listener: () => void, options?: object) {
        ofType(type).delete(listener)
        return remove.call(this, type, listener, options)
      },
    })
}

const locksHeld = ({ page }: App) =>
  page.evaluate(async () => (await navigator.locks?.query())?.held?.length ?? 0)

/** The number of active timers, and the event types with active listeners. */
const leftovers = ({ page }: App) =>
  page.evaluate(() => {
    const { timers, listeners } = window.leftovers
    // Playwright listens to these events; the library never does.
    const foreign = /^(__playwright|.*click|contextmenu|mouse|pointer|touch)/
    const kept = [...listeners].filter(([type, held]) => held.size > 0 && !foreign.test(type))
    return { timers: timers.size, listeners: kept.map(([type]) => type) }
  })

/**
 * Checks the end of a story: no lock is held, and after `close()` no timer and no listener is active.
 *
 * @param isStored True to check that the back-forward cache restores the page with its client.
 */
export async function leavesNothingBehind(app: App, { isStored = false } = {}): Promise<void> {
  const { page, idp } = app
  await idp.control.clearFaults()
  await expect.poll(() => locksHeld(app)).toBe(0)
  if (isStored) {
    await page.goto(`${idp.issuer}/.well-known/openid-configuration`)
    await page.goBack({ waitUntil: 'commit' })
    await expect
      .poll(() => page.evaluate(() => 'leftovers' in window && window.leftovers.wasRestored))
      .toBe(true)
  }
  await page.evaluate(() => window.auth.close())
  await expect.poll(() => leftovers(app)).toEqual({ timers: 0, listeners: [] })
  await expect.poll(() => locksHeld(app)).toBe(0)
}
