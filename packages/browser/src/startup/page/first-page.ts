import { AuthError } from '@carnet/core/base'

/** The functions of the page for the start of a client. Only this file and `page.ts` read `window`, besides popups and iframes. */
export interface FirstPage {
  readonly origin: string
  href(): string
  /** Changes the URL without a navigation, and notifies routers that already run. */
  replaceUrl(url: string): void
  /** Opens a connection to the origin of `url`, for requests without cookies: handshakes take several round trips. */
  preconnect(url: string): void
  /** The name of the iframe of the page; `undefined` for a top-level page. */
  frameName(): string | undefined
  /**
   * Reads a text from `sessionStorage`, and removes it if requested. `undefined` if the browser refuses `sessionStorage`.
   */
  tabNote(key: string, isRemoved?: 'removed'): string | undefined
  /** Calls back each time the page enters the back-forward cache. Returns a function that stops it. */
  onStored(callback: () => void): () => void
  /** Calls back each time the page leaves the back-forward cache. Returns a function that stops it. */
  onRestored(callback: () => void): () => void
  /** Calls back once, when the page is idle. */
  whenIdle(callback: () => void): void
}

type MaybePage = Partial<
  Pick<
    Window & typeof globalThis,
    'crypto' | 'document' | 'isSecureContext' | 'location' | 'origin'
  >
>

/**
 * The page that this code runs in.
 *
 * @throws AuthError `unsupported_environment` if there is no page: on a server, or in a worker.
 * @throws AuthError `insecure_context` without WebCrypto, or without an origin for the response: a file, a sandboxed iframe,
 * `about:`, `data:` or `blob:`.
 */
export function firstPage(): FirstPage {
  const { crypto, document, isSecureContext, location, origin }: MaybePage = globalThis
  // An opaque origin is `null` for every URL; a response cannot return to a URL without a host.
  if (!document || !location?.host || origin === 'null' || !crypto?.subtle)
    throw new AuthError(
      document && isSecureContext !== undefined ? 'insecure_context' : 'unsupported_environment',
      `Carnet cannot work here: the origin is ${origin}.`,
    )
  return {
    origin: location.origin,
    href: () => location.href,
    replaceUrl(url) {
      const before = location.href
      history.replaceState(history.state, '', url)
      if (location.href === before) return
      // Without a state: Vue Router keeps the address in the state of an entry, and this state has the address of before.
      dispatchEvent(new PopStateEvent('popstate'))
      if (new URL(before).hash !== location.hash)
        dispatchEvent(new HashChangeEvent('hashchange', { oldURL: before, newURL: location.href }))
    },
    preconnect(url) {
      const link = document.createElement('link')
      Object.assign(link, { rel: 'preconnect', crossOrigin: '', href: new URL(url).origin })
      document.head.append(link)
    },
    frameName: () => (window.parent === window ? undefined : window.name),
    tabNote(key, isRemoved) {
      try {
        const note = sessionStorage.getItem(key) ?? undefined
        if (isRemoved) sessionStorage.removeItem(key)
        return note
      } catch {
        return undefined
      }
    },
    onStored: (callback) => onTransition('pagehide', callback),
    onRestored: (callback) => onTransition('pageshow', callback),
    whenIdle(callback) {
      // Not at once: an app requests its first token as soon as it has its client.
      setTimeout(() => {
        if (typeof requestIdleCallback === 'function')
          requestIdleCallback(callback, { timeout: 2000 })
        else callback()
      }, 200)
    },
  }
}

function onTransition(type: 'pagehide' | 'pageshow', callback: () => void): () => void {
  const onMessage = (event: PageTransitionEvent) => event.persisted && callback()
  addEventListener(type, onMessage)
  return () => removeEventListener(type, onMessage)
}
