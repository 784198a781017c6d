import type { AuthErrorCode } from '@carnet/core'
import type { Http } from '@carnet/core/keeper'

/** Responses of providers are much smaller; a larger response is a fault or an attack. */
const LARGEST_BODY_BYTES = 1024 * 1024

/** A failure of a request, in a form for messages: a worker must stay small, so it has no `AuthError`. */
export interface BareFailure {
  readonly code: AuthErrorCode
  readonly message: string
}

/**
 * Creates the `createHttp` of core for workers. It limits time and size, sends no cookies, and follows no redirect, because the
 * requests carry secrets. It throws `BareFailure` with `timeout`, `network_error`, `offline` if
 * nothing of the provider can be reached, `invalid_response` or `intermediary_answered`.
 */
export const createBareHttp =
  (timeoutMs: number): Http =>
  async (url, init) => {
    const signal = AbortSignal.timeout(timeoutMs)
    let code: AuthErrorCode = 'network_error'
    let body = ''
    let bytes = 0
    try {
      const response = await fetch(url, {
        ...init,
        credentials: 'omit',
        cache: 'no-store',
        referrerPolicy: 'no-referrer',
        signal,
      })
      const decoder = new TextDecoder()
      const reader = response.body?.getReader()
      while (bytes <= LARGEST_BODY_BYTES) {
        const { value } = (await reader?.read()) ?? {}
        if (!value) break
        bytes += value.byteLength
        body += decoder.decode(value, { stream: true })
      }
      const { status, headers } = response
      if (bytes > LARGEST_BODY_BYTES) code = 'invalid_response'
      else if (!status || (status > 299 && status < 400)) code = 'intermediary_answered'
      else return { status, headers, body }
    } catch {
      if (signal.aborted) code = 'timeout'
      // The page may reach a provider that the worker cannot reach at all.
      else
        await fetch(new URL(url).origin, { mode: 'no-cors', credentials: 'omit' }).catch(() => {
          code = 'offline'
        })
    }
    const message = `${new URL(url).host}: ${code}`
    throw { code, message } satisfies BareFailure
  }
