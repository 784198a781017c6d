import { AuthError, createHttp, type Http, isAuthError } from '@carnet/core/keeper'
import { blockedByPolicy, watchPolicy } from './own-policy.ts'

/** The timeout of a GET request while the browser reports that it is offline. */
const OFFLINE_TIMEOUT_MS = 3000

/**
 * Creates an `Http` for this page or worker. Two error codes are for failures without a fault of the provider. `blocked_by_csp`:
 * the page's own policy blocked the request. `offline`: the request failed, and the browser reports that it is offline. The
 * browser may be wrong about the network, so every request is tried.
 */
export function createOwnHttp(deps: { fetch: typeof fetch; timeoutMs: number }): Http {
  const patient = createHttp(deps)
  const hasty = createHttp({ ...deps, timeoutMs: Math.min(deps.timeoutMs, OFFLINE_TIMEOUT_MS) })

  return async function ownHttp(url, init) {
    const { origin } = new URL(url)
    const policy = watchPolicy('connect-src', (uri) => uri.startsWith(origin))
    try {
      // A late response to a POST may carry a rotated token: wait for it.
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
