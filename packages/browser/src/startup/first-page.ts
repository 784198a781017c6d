import { AuthError } from '@carnet/core/base'

/** What a page does while the client starts. This and `page.ts` are what read `window`, apart from windows and frames. */
export interface FirstPage {
  readonly origin: string
  href(): string
  /** Changes the address without loading anything, and tells routers that already run. */
  replaceUrl(url: string): void
  /** Opens a connection to the origin of `url`, for requests without cookies: handshakes take several round trips. */
  preconnect(url: string): void
  /** The name of the frame that the page is in; nothing where it is in none. */
  frameName(): string | undefined
  /**
   * A text that this tab keeps while it lives, over navigations; it is removed if that is asked. Nothing where the browser
   * refuses `sessionStorage`.
   */
  tabNote(key: string, isRemoved?: 'removed'): string | undefined
  /** Calls back each time the page goes into the back-forward cache. Returns the way to stop. */
  onStored(callback: () => void): () => void
  /** Calls back each time the page comes out of the back-forward cache. Returns the way to stop. */
  onRestored(callback: () => void): () => void
  /** Calls back once, when the page has nothing better to do. */
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
 * @throws AuthError `unsupported_environment` where there is no page: on a server, or in a worker. `insecure_context`
 * where there is no WebCrypto, or no origin that a response could return to: a file, a sandboxed frame, `about:`,
 * `data:` or `blob:`.
 */
export function firstPage(): FirstPage {
  const { crypto, document, isSecureContext, location, origin }: MaybePage = globalThis
  // An opaque origin says `null`, whatever its address is; an address without a host has no place to return to.
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
      dispatchEvent(new PopStateEvent('popstate', { state: history.state }))
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
      // Not at once: an app that has its client asks for its first token.
      setTimeout(() => {
        if (typeof requestIdleCallback === 'function')
          requestIdleCallback(callback, { timeout: 2000 })
        else callback()
      }, 200)
    },
  }
}

function onTransition(type: 'pagehide' | 'pageshow', callback: () => void): () => void {
  const hear = (event: PageTransitionEvent) => event.persisted && callback()
  addEventListener(type, hear)
  return () => removeEventListener(type, hear)
}
