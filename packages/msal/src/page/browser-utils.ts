/** The functions of `BrowserUtils` that apps and wrappers call. */
import { BrowserAuthError } from '../errors/browser-auth-error.ts'

export { createGuid } from './create-guid.ts'

const hasResponse = () => /[#?&](code|error|error_description|state)=/.test(location.hash)

/** True if the page is in an iframe. */
export const isInIframe = (): boolean => window.parent !== window

/** True if the page is in a popup of Carnet or of `@azure/msal-browser`. */
export const isInPopup = (): boolean =>
  typeof window !== 'undefined' &&
  !!window.opener &&
  window.opener !== window &&
  /^(carnet|msal)[.-]/.test(window.name)

/** The URL of the page without query and fragment. */
export const getCurrentUri = (): string =>
  typeof window !== 'undefined' ? (location.href.split(/[?#]/)[0] ?? '') : ''

/** The root of the origin. */
export const getHomepage = (): string => `${location.origin}/`

/** @throws BrowserAuthError `block_iframe_reload` if a response has arrived in an iframe. */
export function blockReloadInHiddenIframes(): void {
  if (hasResponse() && isInIframe()) throw new BrowserAuthError('block_iframe_reload', '')
}

/** @throws BrowserAuthError `redirect_in_iframe` if the page is in an iframe, and redirects are not allowed there. */
export function blockRedirectInIframe(allowRedirectInIframe: boolean): void {
  if (isInIframe() && !allowRedirectInIframe) throw new BrowserAuthError('redirect_in_iframe', '')
}

/** @throws BrowserAuthError `block_nested_popups` if the page is in a popup of a sign-in. */
export function blockAcquireTokenInPopups(): void {
  if (isInPopup()) throw new BrowserAuthError('block_nested_popups', '')
}

/** @throws BrowserAuthError `non_browser_environment` outside of a browser. */
export function blockNonBrowserEnvironment(): void {
  if (typeof window === 'undefined') throw new BrowserAuthError('non_browser_environment', '')
}

/** @throws BrowserAuthError `uninitialized_public_client_application` before `initialize` has ended. */
export function blockAPICallsBeforeInitialize(initialized: boolean): void {
  if (!initialized) throw new BrowserAuthError('uninitialized_public_client_application', '')
}

/** Removes the fragment of the URL of a window. */
export function clearHash(contentWindow: Window): void {
  contentWindow.location.hash = ''
  const { origin, pathname, search } = contentWindow.location
  contentWindow.history.replaceState(null, '', `${origin}${pathname}${search}`)
}

/** Replaces the fragment of the page by the fragment of a URL. */
export function replaceHash(url: string): void {
  const { hash } = new URL(url, location.href)
  if (hash) location.hash = hash
}

/** Connects to the provider ahead of a request. */
export function preconnect(authority: string): void {
  const link = document.createElement('link')
  link.rel = 'preconnect'
  link.href = new URL(authority).origin
  link.crossOrigin = 'anonymous'
  document.head.append(link)
  setTimeout(() => link.remove(), 10_000)
}
