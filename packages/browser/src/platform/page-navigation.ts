/** A navigation that certainly stopped: the page stays. */
export interface StoppedNavigation {
  /** `user`: a `beforeunload` dialog was shown, and the user stayed. `page`: the app or the browser stopped the navigation. */
  readonly by: 'user' | 'page'
  readonly cause?: unknown
}

/** A navigation that was started. */
export interface StartedNavigation {
  /** Resolves when the navigation is certainly stopped. It never rejects, and may never settle. */
  readonly stopped: Promise<StoppedNavigation>
  /** True if a `beforeunload` handler has asked for the user's confirmation. */
  wasQuestioned(): boolean
  /** Stops listening. */
  end(): void
}

/**
 * Starts a navigation to another document and watches whether it stops. Browsers report this with the Navigation API. The
 * signal of the `navigate` event aborts in three cases: the user stays or presses the stop button, or a script cancels the event
 * or calls `window.stop()`. No browser reports a download, or a response with status 204.
 */
export function watchNavigation(start: () => void): StartedNavigation {
  const listening = new AbortController()
  const { signal } = listening
  let questioned = false
  let resolve: (stopped: StoppedNavigation) => void = () => undefined
  const stopped = new Promise<StoppedNavigation>((settle) => {
    resolve = settle
  })
  const stop = (cause?: unknown) => resolve({ by: questioned ? 'user' : 'page', cause })
  // Once: Firefox keeps pages with a `beforeunload` listener out of its back-forward cache.
  addEventListener(
    'beforeunload',
    (event) => {
      questioned = event.defaultPrevented || event.returnValue !== ''
    },
    { once: true, signal },
  )
  let last: NavigateEvent | undefined
  globalThis.navigation?.addEventListener?.(
    'navigate',
    (event) => {
      last = event
      // A navigation within the document aborts our signal too, but our navigation continues. Its event follows at once.
      const whenAborted = () =>
        setTimeout(() => last === event && !event.destination.sameDocument && stop())
      event.signal.addEventListener('abort', whenAborted, { signal })
    },
    { signal },
  )
  try {
    start()
  } catch (error) {
    stop(error)
  }
  return { stopped, wasQuestioned: () => questioned, end: () => listening.abort() }
}
