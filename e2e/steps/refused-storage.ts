/** Ways in which browsers refuse IndexedDB. Each runs in the page before any script: `page.addInitScript`. */
export const refusedDatabase = {
  'is not there': () => Object.defineProperty(window, 'indexedDB', { value: undefined }),

  'throws on access': () =>
    Object.defineProperty(window, 'indexedDB', {
      get() {
        throw new DOMException('forbidden by policy', 'SecurityError')
      },
    }),

  'throws on opening': () =>
    Object.assign(IDBFactory.prototype, {
      open() {
        throw new DOMException('private mode', 'InvalidStateError')
      },
    }),

  'fails to open': () =>
    Object.assign(IDBFactory.prototype, {
      open() {
        const request = { error: new DOMException('corrupt', 'UnknownError') }
        setTimeout(() => (request as IDBOpenDBRequest).onerror?.(new Event('error')))
        return request
      },
    }),

  /** As WebKit does at times, until the page is loaded anew. */
  'never answers an opening': () =>
    Object.assign(IDBFactory.prototype, { open: () => new EventTarget() }),

  /** A version that waits for an older tab, which is frozen and never closes its connection. */
  'is blocked by another tab': () =>
    Object.assign(IDBFactory.prototype, {
      open() {
        const request = {} as IDBOpenDBRequest
        setTimeout(() => request.onblocked?.(new Event('blocked') as IDBVersionChangeEvent))
        return request
      },
    }),

  'opens, and never answers': () => {
    const silent = () => new EventTarget()
    for (const type of [IDBObjectStore, IDBIndex])
      Object.assign(type.prototype, { get: silent, getAll: silent, getAllKeys: silent })
    Object.assign(IDBObjectStore.prototype, { put: silent, delete: silent, count: silent })
  },
}

/** Web storage throws when it is touched, as some policies have it. */
export function refuseWebStorage(): void {
  for (const name of ['localStorage', 'sessionStorage'])
    Object.defineProperty(window, name, {
      get() {
        throw new DOMException('forbidden', 'SecurityError')
      },
    })
}

/** The browser refuses Web Locks and channels between pages. */
export function refuseTalkBetweenPages(): void {
  const refuse = () => {
    throw new DOMException('forbidden', 'SecurityError')
  }
  Object.assign(window, { BroadcastChannel: refuse })
  Object.defineProperty(navigator, 'locks', { get: refuse })
}

/** Opening the database answers only when the page calls `release()`. */
export function answerLate(): void {
  const { open } = IDBFactory.prototype
  const waiting: (() => void)[] = []
  let isReleased = false
  Object.assign(window, {
    release() {
      isReleased = true
      for (const go of waiting) go()
    },
  })
  IDBFactory.prototype.open = function (this: IDBFactory, ...how) {
    if (isReleased) return open.apply(this, how)
    let real: IDBOpenDBRequest | undefined
    const shown = {
      get result() {
        return real?.result
      },
      get transaction() {
        return real?.transaction
      },
    } as IDBOpenDBRequest
    waiting.push(() => {
      real = open.apply(this, how)
      real.onupgradeneeded = (event) => shown.onupgradeneeded?.(event)
      real.onsuccess = (event) => shown.onsuccess?.(event)
    })
    return shown
  }
}
