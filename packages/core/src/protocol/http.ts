import { AuthError } from '../errors/errors.ts'

/** No answer of a provider is anywhere near this; a larger one is a fault or an attack. */
const LARGEST_BODY_BYTES = 1024 * 1024

/** A whole answer: headers and body arrived in time and in bounds. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

/**
 * Requests to a provider: bounded in time and size, without cookies.
 *
 * @throws AuthError `timeout`, `network_error` or `intermediary_answered`
 */
export type Http = (
  url: string,
  init: RequestInit & { redirect: 'follow' | 'manual' },
) => Promise<HttpAnswer>

/**
 * Requests to a provider. The timeout covers the body too: a body that drips would otherwise hang
 * its reader for ever. Cookies are never sent.
 */
export function createHttp(deps: { fetch: typeof fetch; timeoutMs: number }): Http {
  return async function http(
    url: string,
    init: RequestInit & { redirect: 'follow' | 'manual' },
  ): Promise<HttpAnswer> {
    const abort = new AbortController()
    let late = false
    const timer = setTimeout(() => {
      late = true
      abort.abort()
    }, deps.timeoutMs)
    // A `fetch` of the app may forget the signal: then nothing else would end the wait.
    const stopped = new Promise<never>((_resolve, reject) => {
      abort.signal.addEventListener('abort', () => reject(abort.signal.reason))
    })
    stopped.catch(() => undefined)
    try {
      return await Promise.race([exchange(), stopped])
    } catch (cause) {
      if (cause instanceof AuthError) throw cause
      throw late
        ? new AuthError('timeout', `No answer from ${hostOf(url)} within ${deps.timeoutMs} ms.`, {
            cause,
          })
        : new AuthError('network_error', `${hostOf(url)} could not be reached.`, { cause })
    } finally {
      clearTimeout(timer)
      abort.abort() // Frees the connection of a body that was not read to its end.
    }

    async function exchange(): Promise<HttpAnswer> {
      const response = await deps.fetch(url, {
        ...init,
        credentials: 'omit',
        cache: 'no-store',
        referrerPolicy: 'no-referrer',
        signal: abort.signal,
      })
      if (response.type === 'opaqueredirect' || isRedirect(response.status)) {
        throw new AuthError(
          'intermediary_answered',
          `A redirect came in the place of an answer of ${hostOf(url)}: from a proxy, from a captive portal, or because the address moved. It is not followed, because it would carry secrets away.`,
        )
      }
      return {
        status: response.status,
        headers: response.headers,
        body: await boundedText(response, url),
      }
    }
  }
}

const isRedirect = (status: number) => status >= 300 && status < 400

const hostOf = (url: string) => new URL(url).host

async function boundedText(response: Response, url: string): Promise<string> {
  if (!response.body) return ''
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > LARGEST_BODY_BYTES) {
      throw new AuthError(
        'invalid_response',
        `${hostOf(url)} answered with more than ${LARGEST_BODY_BYTES} bytes.`,
      )
    }
    text += decoder.decode(value, { stream: true })
  }
}
