import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchNavigation } from './page-navigation.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** A window whose Navigation API fires events in the order of Chromium. */
function setUp({ hasNavigationApi = true } = {}) {
  const window = new EventTarget()
  const navigation = new EventTarget()
  vi.stubGlobal('addEventListener', window.addEventListener.bind(window))
  vi.stubGlobal('navigation', hasNavigationApi ? navigation : undefined)
  let running: AbortController | undefined

  /** Another navigation aborts the signal of the running one, before its own event. */
  function navigates(sameDocument = false) {
    running?.abort()
    running = new AbortController()
    const destination = { sameDocument }
    const event = Object.assign(new Event('navigate', { cancelable: true }), {
      destination,
      signal: running.signal,
    })
    navigation.dispatchEvent(event)
  }
  const asks = (prevents: boolean) => {
    const event = new Event('beforeunload', { cancelable: true })
    Object.defineProperty(event, 'returnValue', { value: '' }) // In Node it is a boolean.
    if (prevents) event.preventDefault()
    window.dispatchEvent(event)
  }
  async function outcomeOf(started: ReturnType<typeof watchNavigation>) {
    await vi.advanceTimersByTimeAsync(1)
    return Promise.race([started.stopped, Promise.resolve('under way')])
  }
  return { navigates, asks, outcomeOf, stops: () => running?.abort() }
}

test('a navigation without an interruption continues', async () => {
  const { navigates, asks, outcomeOf } = setUp()
  const started = watchNavigation(() => {
    navigates()
    asks(false)
  })
  expect(await outcomeOf(started)).toBe('under way')
  expect(started.wasQuestioned()).toBe(false)
})

test('the user stops the navigation by an answer to the question of the browser', async () => {
  const { navigates, asks, stops, outcomeOf } = setUp()
  const started = watchNavigation(() => {
    navigates()
    asks(true)
    stops()
  })
  expect(await outcomeOf(started)).toMatchObject({ by: 'user' })
})

test('a user who confirms the question of the browser does not stop the navigation', async () => {
  const { navigates, asks, outcomeOf } = setUp()
  const started = watchNavigation(() => {
    navigates()
    asks(true)
  })
  expect(await outcomeOf(started)).toBe('under way')
  expect(started.wasQuestioned()).toBe(true)
})

test('a script, or the stop button, stops it at any time', async () => {
  const { navigates, stops, outcomeOf } = setUp()
  const started = watchNavigation(navigates)
  await vi.advanceTimersByTimeAsync(5000)
  stops()
  expect(await outcomeOf(started)).toMatchObject({ by: 'page' })
})

test('a navigation within the document does not stop it', async () => {
  const { navigates, stops, outcomeOf } = setUp()
  const started = watchNavigation(navigates)
  navigates(true)
  expect(await outcomeOf(started)).toBe('under way')
  stops() // The signal belongs to the navigation within the document.
  expect(await outcomeOf(started)).toBe('under way')
})

test('another navigation replaces it, and may be stopped too', async () => {
  const { navigates, stops, outcomeOf } = setUp()
  const started = watchNavigation(navigates)
  navigates()
  expect(await outcomeOf(started)).toBe('under way')
  stops()
  expect(await outcomeOf(started)).toMatchObject({ by: 'page' })
})

test('a start that throws counts as stopped, with its cause', async () => {
  const { outcomeOf } = setUp()
  const cause = new Error('A sandbox forbids it.')
  const started = watchNavigation(() => {
    throw cause
  })
  expect(await outcomeOf(started)).toEqual({ by: 'page', cause })
})

test('without the Navigation API, only the question of the browser is detected', async () => {
  const { navigates, asks, outcomeOf } = setUp({ hasNavigationApi: false })
  const started = watchNavigation(navigates)
  asks(true)
  expect(await outcomeOf(started)).toBe('under way')
  expect(started.wasQuestioned()).toBe(true)
})

test('after the end, no listener remains', async () => {
  const { navigates, asks, stops, outcomeOf } = setUp()
  const started = watchNavigation(navigates)
  started.end()
  asks(true)
  stops()
  expect(await outcomeOf(started)).toBe('under way')
  expect(started.wasQuestioned()).toBe(false)
})
