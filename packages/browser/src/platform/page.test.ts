import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { firstPage } from '../startup/page/first-page.ts'
import { type Wake, wholePage } from './page.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** A fake window and a fake document. */
function setUp() {
  const window = new EventTarget()
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  vi.stubGlobal('location', { origin: 'https://app.example', host: 'app.example' })
  vi.stubGlobal('document', document)
  for (const name of ['addEventListener', 'removeEventListener'] as const)
    vi.stubGlobal(name, window[name].bind(window))
  const woken: Wake[] = []
  const stop = wholePage(firstPage()).onWake((why) => woken.push(why))
  const isShown = (visibilityState: string) => {
    document.visibilityState = visibilityState
    document.dispatchEvent(new Event('visibilitychange'))
  }
  const isRestored = (persisted: boolean) =>
    window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted }))
  return { window, document, woken, stop, isShown, isRestored }
}

test('a page that was hidden for more than a minute counts as asleep', () => {
  const { isShown, woken } = setUp()
  isShown('hidden')
  vi.advanceTimersByTime(60_000)
  isShown('visible')
  expect(woken).toEqual(['shown'])
  isShown('hidden')
  expect(woken).toHaveLength(1)
  vi.advanceTimersByTime(60_001)
  isShown('visible')
  expect(woken).toEqual(['shown', 'slept'])
})

test('a page that was frozen, or in the back-forward cache, counts as asleep', () => {
  const { document, isRestored, woken } = setUp()
  document.dispatchEvent(new Event('resume'))
  isRestored(false) // The first time that it is shown.
  isRestored(true)
  expect(woken).toEqual(['slept', 'slept'])
})

test('a page that is online again has its own reason, and a removed listener is not called', () => {
  const { window, document, isRestored, isShown, stop, woken } = setUp()
  window.dispatchEvent(new Event('online'))
  stop()
  window.dispatchEvent(new Event('online'))
  document.dispatchEvent(new Event('resume'))
  isRestored(true)
  isShown('visible')
  expect(woken).toEqual(['online'])
})
