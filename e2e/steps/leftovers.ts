import { expect } from '@playwright/test'
import { chromiumOptions } from '../../scripts/browser.mjs'
import type { App } from './app.ts'

/** A browser with its back-forward cache on, as people have it: Playwright turns it off. */
export const asPeopleHaveIt = {
  launchOptions: {
    ...chromiumOptions(true),
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  },
}

/** Counts the timers and the listeners that live, from the start of each page on, and notes how it is restored. */
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

  /** What is put in the place of the timers later, a clock that a story moves, is counted instead: that has its own. */
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

/** What lives of timers and listeners, by its name. */
const leftovers = ({ page }: App) =>
  page.evaluate(() => {
    const { timers, listeners } = window.leftovers
    // What Playwright itself listens to, and the library never does.
    const foreign = /^(__playwright|.*click|contextmenu|mouse|pointer|touch)/
    const kept = [...listeners].filter(([type, held]) => held.size > 0 && !foreign.test(type))
    return { timers: timers.size, listeners: kept.map(([type]) => type) }
  })

/**
 * At the end of a story: no lock is held, and after `close()` neither a timer nor a listener is left.
 *
 * @param isStored Whether the page with its client comes back out of the back-forward cache too, in a browser that has one.
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
