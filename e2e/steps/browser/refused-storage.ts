/** The ways in which browsers refuse IndexedDB. Run them with `page.addInitScript`. */
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

  /** WebKit sometimes does this until the page is reloaded. */
  'never answers an opening': () =>
    Object.assign(IDBFactory.prototype, { open: () => new EventTarget() }),

  /** A version upgrade waits for a frozen tab, which never closes its connection. */
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

/** Makes web storage throw on access, as some policies do. */
export function refuseWebStorage(): void {
  for (const name of ['localStorage', 'sessionStorage'])
    Object.defineProperty(window, name, {
      get() {
        throw new DOMException('forbidden', 'SecurityError')
      },
    })
}

/** Makes Web Locks and BroadcastChannel throw. */
export function refuseTalkBetweenPages(): void {
  const refuse = () => {
    throw new DOMException('forbidden', 'SecurityError')
  }
  Object.assign(window, { BroadcastChannel: refuse })
  Object.defineProperty(navigator, 'locks', { get: refuse })
}

/** Delays the opening of the database until the page calls `release()`. */
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
