import type { AuthorizedRequestInit, CallOptions } from '../api/resource-calls.ts'

/** A request of the app, read once: an object with changing fields cannot lead the token to another URL. */
export interface Outgoing {
  /** The absolute URL, without its fragment. */
  readonly url: string
  readonly method: string
  readonly signal: AbortSignal | undefined
  /** True if the app set the `Authorization` header. */
  readonly hasOwnAuthorization: boolean
  /** True if the body is a stream, or larger than 1 MiB: such a request should not fail because its token expires. */
  readonly isBig: boolean
  /** True if the request can be sent again. */
  readonly canRepeat: boolean
  readonly options: CallOptions
  /**
   * Sends the request. `headers` replace the headers of the app.
   *
   * @param to The URL that the API redirected a request without a body to. Default: the URL of the request.
   */
  send(headers?: Readonly<Record<string, string>>, to?: string): Promise<Response>
  /** The request without a token, to be stored. */
  copy(): Request
}

/** Larger bodies count as big. */
const BIG_BODY = 1024 * 1024

/** Reads the arguments of `fetch`. Throws a `TypeError` as `fetch` does, if they are invalid. */
export function readOutgoing(
  input: RequestInfo | URL,
  init: AuthorizedRequestInit = {},
  base = document.baseURI,
): Outgoing {
  const { carnet: options = {}, ...given } = copyOf(init)
  return isRequest(input)
    ? ofRequest(Object.keys(given).length > 0 ? new Request(input, given) : input, options)
    : ofUrl(String(input), given, options, base)
}

/** The fields of a `Request` or of a class instance are on its prototype, where a spread does not see them. */
function copyOf(init: AuthorizedRequestInit): AuthorizedRequestInit {
  if (!isRequest(init)) return { ...init }
  const { method, headers, body, signal, credentials, mode, cache, redirect } = init
  const fields = { method, headers, body, signal, credentials, mode, cache, redirect }
  return body === null ? fields : { ...fields, ...{ duplex: 'half' } }
}

function ofUrl(input: string, init: RequestInit, options: CallOptions, base: string): Outgoing {
  const url = new URL(input, base).href
  const own = init.headers === undefined ? undefined : new Headers(init.headers)
  const { body } = init
  const isStream = body instanceof ReadableStream
  return {
    url,
    method: init.method ?? 'GET',
    signal: init.signal ?? undefined,
    hasOwnAuthorization: own?.has('authorization') === true,
    isBig: isStream || sizeOf(body) > BIG_BODY,
    canRepeat: !isStream,
    options,
    // The URL that the map was asked for, not the argument.
    send: (headers, to = url) =>
      globalThis.fetch(to, headers ? { ...init, headers: merged(own, headers) } : init),
    copy: () => new Request(url, init),
  }
}

function ofRequest(request: Request, options: CallOptions): Outgoing {
  const { body, method } = request as { body?: unknown; method: string }
  // Firefox has no `body` of a request.
  const hasBody = body === undefined ? !/^(GET|HEAD)$/.test(method) : body !== null
  const canRepeat = !hasBody || options.replay !== false
  return {
    url: request.url,
    method,
    signal: request.signal,
    hasOwnAuthorization: request.headers.has('authorization'),
    isBig: hasBody,
    canRepeat,
    options,
    // A `Request` is used up when it is sent, so a copy of it is sent.
    send: (headers, to) =>
      globalThis.fetch(
        to === undefined
          ? hasBody && canRepeat
            ? request.clone()
            : request
          : new Request(to, request),
        headers && { headers: merged(request.headers, headers) },
      ),
    copy: () => request.clone(),
  }
}

function merged(own: Headers | undefined, more: Readonly<Record<string, string>>): Headers {
  const headers = new Headers(own)
  for (const [name, value] of Object.entries(more)) headers.set(name, value)
  return headers
}

/** A `Request` of another frame is no instance of this page's class. */
const isRequest = (value: unknown): value is Request =>
  value instanceof Request || Object.prototype.toString.call(value) === '[object Request]'

function sizeOf(body: unknown): number {
  if (typeof body === 'string') return body.length
  const { size, byteLength } = Object(body) as { size?: unknown; byteLength?: unknown }
  const found = body instanceof URLSearchParams ? 0 : (byteLength ?? size)
  return typeof found === 'number' ? found : 0
}
