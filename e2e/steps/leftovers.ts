import { expect } from '@playwright/test'
import { chromiumOptions } from '../../scripts/browser.mjs'
import type { App } from './app.ts'

/** A browser with its back-forward cache on, as people have it: Playwright turns it off. */
export const asPeopleHaveIt = {
  launchOptions: {
    ...chromiumOptions(),
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
  const listeners = new Map<string, number>()
  Object.assign(window, { leftovers: { timers, listeners, wasRestored: false } })
  addEventListener('pageshow', ({ persisted }) =>
    Object.assign(window.leftovers, { wasRestored: persisted }),
  )

  /** What is put in the place of the timers later, a clock that a story moves, is counted too. */
  function counted(start: 'setTimeout' | 'setInterval', stop: 'clearTimeout' | 'clearInterval') {
    let begin = window[start].bind(window) as (work: () => void, ms?: number) => unknown
    let end = window[stop].bind(window) as (id: unknown) => void
    const isOnce = start === 'setTimeout'
    const begins = (work: unknown, ms?: number, ...rest: unknown[]) => {
      const id = begin(() => {
        if (isOnce) timers.delete(id)
        if (typeof work === 'function') work(...rest)
      }, ms)
      timers.add(id)
      return id
    }
    const ends = (id: unknown) => {
      timers.delete(id)
      end(id)
    }
    const define = (name: string, value: unknown, replace: (other: never) => void) =>
      Object.defineProperty(window, name, { configurable: true, get: () => value, set: replace })
    define(start, begins, (other) => {
      begin = other
    })
    define(stop, ends, (other) => {
      end = other
    })
  }
  counted('setTimeout', 'clearTimeout')
  counted('setInterval', 'clearInterval')

  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype
  const count = (type: string, by: number) => listeners.set(type, (listeners.get(type) ?? 0) + by)
  for (const target of [Window.prototype, Document.prototype] as EventTarget[])
    Object.assign(target, {
      addEventListener(this: EventTarget, type: string, ...rest: [() => void]) {
        count(type, 1)
        return add.call(this, type, ...rest)
      },
      removeEventListener(this: EventTarget, type: string, ...rest: [() => void]) {
        count(type, -1)
        return remove.call(this, type, ...rest)
      },
    })
}

const locksHeld = ({ page }: App) =>
  page.evaluate(async () => (await navigator.locks?.query())?.held?.length ?? 0)

/** What lives of timers and listeners, by its name. */
const leftovers = ({ page }: App) =>
  page.evaluate(() => {
    const { timers, listeners } = window.leftovers
    const kept = [...listeners].filter(([, count]) => count !== 0)
    return { timers: timers.size, listeners: Object.fromEntries(kept) }
  })

/**
 * At the end of a story: no lock is held, the page with its client comes back out of the back-forward cache, and after
 * `close()` neither a timer nor a listener is left.
 */
export async function leavesNothingBehind(app: App): Promise<void> {
  const { page, idp } = app
  await idp.control.clearFaults()
  await expect.poll(() => locksHeld(app)).toBe(0)
  await page.goto(`${idp.issuer}/.well-known/openid-configuration`)
  await page.goBack({ waitUntil: 'commit' })
  await expect
    .poll(() => page.evaluate(() => 'leftovers' in window && window.leftovers.wasRestored))
    .toBe(true)
  await page.evaluate(() => window.auth.close())
  await expect.poll(() => leftovers(app)).toEqual({ timers: 0, listeners: {} })
  await expect.poll(() => locksHeld(app)).toBe(0)
}
