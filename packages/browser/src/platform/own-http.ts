import { AuthError, createHttp, type Http, isAuthError } from '@carnet/core/keeper'
import { blockedByPolicy, watchPolicy } from './own-policy.ts'

/** For how long a public document is waited for while the browser says that it is offline, in milliseconds. */
const OFFLINE_TIMEOUT_MS = 3000

/**
 * Requests to the provider from this page or worker. A failure that is not the provider's is named: the page's own
 * policy refused the request (`blocked_by_csp`), or the network is gone and the browser knows it (`offline`). The
 * browser may be wrong about the network, so every request is tried.
 */
export function createOwnHttp(deps: { fetch: typeof fetch; timeoutMs: number }): Http {
  const patient = createHttp(deps)
  const hasty = createHttp({ ...deps, timeoutMs: Math.min(deps.timeoutMs, OFFLINE_TIMEOUT_MS) })

  return async function ownHttp(url, init) {
    const { origin } = new URL(url)
    const policy = watchPolicy('connect-src', (uri) => uri.startsWith(origin))
    try {
      // An answer to a POST that comes late may carry a rotated token: it is waited for.
      return await (saysOffline() && init.method !== 'POST' ? hasty : patient)(url, init)
    } catch (error) {
      if (!isAuthError(error)) throw error
      if (error.code === 'network_error' && (await policy.hasRefused()))
        throw blockedByPolicy('connect-src', origin, error)
      const isGone = error.code === 'network_error' || error.code === 'timeout'
      if (!isGone || !saysOffline()) throw error
      throw new AuthError('offline', `The browser is offline: ${error.message}`, { cause: error })
    } finally {
      policy.stop()
    }
  }
}

const saysOffline = () => globalThis.navigator?.onLine === false
