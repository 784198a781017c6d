import type { AuthClient } from '../api/auth-client.ts'

/** A call is repeated at most so often. */
const MOST_RETRIES = 3

/** The fields of a request that the adapter reads and writes. */
interface AxiosConfig {
  readonly method?: string | undefined
  readonly signal?: unknown
  readonly headers?: unknown
  readonly carnetRetries?: number
}

interface Headers {
  set(name: string, value: string): void
  has(name: string): boolean
}

interface Interceptors {
  use(onFulfilled: unknown, onRejected?: unknown): number
  eject(id: number): void
}

/** The part of an axios instance that the adapter needs. */
export interface AxiosLike {
  getUri(config: object): string
  request(config: object): Promise<unknown>
  readonly interceptors: { readonly request: Interceptors; readonly response: Interceptors }
}

/**
 * Attaches tokens to the requests of an axios instance, and answers the challenges of APIs. Uploads keep their progress events,
 * because axios sends the requests itself.
 *
 * @returns A function that removes the adapter.
 */
export function useCarnet(
  axios: AxiosLike,
  auth: Pick<AuthClient, 'authorize' | 'remedy'>,
): () => void {
  const sent = new WeakMap<object, Request>()
  const attaching = axios.interceptors.request.use(async (config: AxiosConfig) => {
    const { method = 'get', signal } = config
    const url = new URL(axios.getUri(config), globalThis.document?.baseURI)
    const plain = new Request(url, {
      method,
      signal: signal instanceof AbortSignal ? signal : null,
    })
    const headers = config.headers as Headers
    if (headers.has('authorization') && config.carnetRetries === undefined) return config
    const request = await auth.authorize(plain)
    if (request === plain) return config
    for (const name of ['authorization', 'dpop']) {
      const value = request.headers.get(name)
      if (value !== null) headers.set(name, value)
    }
    sent.set(config, request)
    return config
  })
  const answering = axios.interceptors.response.use(undefined, async (error: unknown) => {
    const { config, response } = Object(error) as {
      config?: AxiosConfig
      response?: { status: number; headers: object }
    }
    const request = config && sent.get(config)
    const { carnetRetries = 0 } = config ?? {}
    if (!config || !response || !request || carnetRetries >= MOST_RETRIES) throw error
    const { status, headers } = response
    const plain = new Response(null, { status, headers: Object.entries(headers) })
    if ((await auth.remedy(request, plain)) === 'none') throw error
    return axios.request({ ...config, carnetRetries: carnetRetries + 1 })
  })
  return () => {
    axios.interceptors.request.eject(attaching)
    axios.interceptors.response.eject(answering)
  }
}
