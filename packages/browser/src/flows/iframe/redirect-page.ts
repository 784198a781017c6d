/** This file loads only if a hidden iframe got no response. */
import type { AuthError } from '@carnet/core'
import { framingFault } from '../../platform/framing.ts'
import { unusablePage } from '../response/unusable-page.ts'

const LOOK_TIMEOUT_MS = 3000

/**
 * Checks the app's own redirect page after a hidden iframe got no response, because the provider may not be at fault.
 * `undefined` if the page is in order, or cannot be fetched.
 */
export async function redirectPageFault(
  redirectUri: string,
  cause: AuthError,
): Promise<AuthError | undefined> {
  const fault = await lookAt(redirectUri).catch(() => undefined)
  return fault === undefined ? undefined : unusablePage(redirectUri, fault, cause)
}

async function lookAt(redirectUri: string): Promise<string | undefined> {
  const response = await fetch(redirectUri, {
    cache: 'no-store',
    redirect: 'manual',
    headers: { accept: 'text/html' },
    signal: AbortSignal.timeout(LOOK_TIMEOUT_MS),
  })
  if (response.type === 'opaqueredirect') return afterRedirect(redirectUri)
  void response.body?.cancel().catch(() => undefined)
  if (!response.ok) return `the app's own server answered it with status ${response.status}`
  const isIsolated = globalThis.crossOriginIsolated
  if (isIsolated && !response.headers.has('cross-origin-embedder-policy'))
    return 'this page is cross-origin isolated, and that page lacks Cross-Origin-Embedder-Policy'
  return framingFault(response.headers, location.origin)
}

/** The fault of a redirect page that redirects: to this origin it is harmless, but to another origin (a sign-in page) it is not. */
async function afterRedirect(redirectUri: string): Promise<string | undefined> {
  const signal = AbortSignal.timeout(LOOK_TIMEOUT_MS)
  const elsewhere = "the app's own server redirects it to another origin"
  const response = await fetch(redirectUri, { cache: 'no-store', signal }).catch(() => undefined)
  if (!response) return elsewhere
  void response.body?.cancel().catch(() => undefined)
  if (new URL(response.url).origin !== location.origin) return elsewhere
  return response.ok ? framingFault(response.headers, location.origin) : undefined
}
