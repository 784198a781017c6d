import { AuthError } from '../errors/errors.ts'

/** Responses of providers are much smaller; a larger response is a fault or an attack. */
const LARGEST_BODY_BYTES = 1024 * 1024

/** A complete response: headers and body arrived in time and within the size limit. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

/**
 * Sends a request to a provider, with limits for time and size, and without cookies.
 *
 * @throws AuthError `timeout`, `network_error`, `invalid_response` or `intermediary_answered`
 */
export type Http = (url: string, init: HttpInit) => Promise<HttpAnswer>

/** The request of an `Http`. */
export type HttpInit = RequestInit & {
  redirect: 'follow' | 'manual'
  /** The thumbprint of the key that the request proves (RFC 9449). Without a `DPoP` header, the worker adds the proof. */
  jkt?: string | undefined
}

/**
 * Creates an `Http`. The timeout covers the body too: otherwise a very slow body would block its reader forever.
 */
export function createHttp(deps: {
  fetch: typeof fetch
  timeoutMs: number
  /** Default: `setTimeout`. */
  startTimer?: (work: () => void, ms: number) => ReturnType<typeof setTimeout>
}): Http {
  return async function http(url: string, init: HttpInit): Promise<HttpAnswer> {
    const abort = new AbortController()
    let late = false
    const timer = (deps.startTimer ?? setTimeout)(() => {
      late = true
      abort.abort()
    }, deps.timeoutMs)
    // A `fetch` of the app may ignore the signal: this promise ends the wait then.
    const stopped = new Promise<never>((_resolve, reject) => {
      abort.signal.addEventListener('abort', () => reject(abort.signal.reason))
    })
    stopped.catch(() => undefined)
    try {
      return await Promise.race([exchange(), stopped])
    } catch (cause) {
      if (cause instanceof AuthError) throw cause
      throw late
        ? new AuthError('timeout', `No response from ${hostOf(url)} within ${deps.timeoutMs} ms.`, {
            cause,
          })
        : new AuthError('network_error', `${hostOf(url)} could not be reached.`, { cause })
    } finally {
      clearTimeout(timer)
      abort.abort() // Frees the connection if the body was not read completely.
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
          `${hostOf(url)} answered with a redirect: a proxy or a captive portal sent it, or the URL has moved. Carnet does not follow it, because the request carries secrets.`,
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
