import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'

/** A request of `node:http`, or of Express after `express.urlencoded()` or `express.json()` have read its body. */
export type NodeRequest = IncomingMessage & {
  readonly originalUrl?: string | undefined
  readonly body?: unknown
}

/** The options of `toRequest` and `toListener`. */
export interface NodeRequestOptions {
  /**
   * The origin at which browsers see the app, for example `https://app.example`. Default: by the `Host` header and the socket,
   * which is wrong behind a proxy.
   */
  readonly origin?: string | undefined
}

/** Answers a request; `undefined` passes it on. */
export type WebHandler = (request: Request) => Promise<Response | undefined>

/** Converts a request of `node:http` or Express into a Web `Request`. Its `signal` aborts when the connection closes. */
export function toRequest(message: NodeRequest, options: NodeRequestOptions = {}): Request {
  const { method = 'GET' } = message
  const headers = new Headers()
  for (const [name, values = []] of Object.entries(message.headersDistinct))
    for (const value of values) headers.append(name, value)
  // A second `Cookie` header continues the first one (RFC 6265 section 5.4).
  const cookies = message.headersDistinct.cookie
  if (cookies) headers.set('cookie', cookies.join('; '))
  const abort = new AbortController()
  message.once('close', () => {
    if (!message.complete) abort.abort()
  })
  const body = method === 'GET' || method === 'HEAD' ? undefined : bodyOf(message, headers)
  const init = { method, headers, body, duplex: 'half', signal: abort.signal }
  return new Request(urlOf(message, options), init as RequestInit)
}

function urlOf(message: NodeRequest, { origin }: NodeRequestOptions): string {
  const isTls = 'encrypted' in message.socket
  const host = message.headers.host ?? 'localhost'
  const base = origin ?? `${isTls ? 'https' : 'http'}://${host}`
  const path = message.originalUrl ?? message.url ?? '/'
  // The target may be an absolute URL, or begin with two slashes: only its path and query count.
  const target = /^\/(?!\/)/.test(path) ? path : `/${path.replace(/^[a-z]+:\/\/[^/]*|^\/+/i, '')}`
  return `${new URL(base).origin}${target.replace(/^\/{2,}/, '/')}`
}

function bodyOf(message: NodeRequest, headers: Headers): RequestInit['body'] {
  const { body } = message
  if (body === undefined || body === null || !message.readableEnded)
    return Readable.toWeb(message) as unknown as RequestInit['body']
  // A parser of Express has read the stream: the text is written again.
  headers.delete('content-length')
  if (typeof body === 'string' || body instanceof Uint8Array) return body as string
  const isForm = headers.get('content-type')?.toLowerCase().includes('form-urlencoded')
  if (!isForm) return JSON.stringify(body)
  const entries = Object.entries(body).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, String(one)]),
  )
  return new URLSearchParams(entries).toString()
}

/** Sends a Web `Response` by `node:http` or Express. It resolves when the body is sent, or the connection is closed. */
export async function sendResponse(answer: Response, response: ServerResponse): Promise<void> {
  const cookies = answer.headers.getSetCookie()
  for (const [name, value] of answer.headers)
    if (name !== 'set-cookie') response.setHeader(name, value)
  if (cookies.length > 0) response.setHeader('set-cookie', cookies)
  response.statusCode = answer.status
  if (!answer.body) {
    response.end()
    return
  }
  // A closed connection is no error of the app.
  await pipeline(Readable.fromWeb(answer.body as ReadableStream), response).catch(() =>
    response.destroy(),
  )
}

/**
 * Creates a listener for `http.createServer`, or a middleware for Express: `undefined` of the handler calls `next`, or answers
 * with 404.
 */
export function toListener(handler: WebHandler, options: NodeRequestOptions = {}) {
  return (
    message: NodeRequest,
    response: ServerResponse,
    next?: (error?: unknown) => void,
  ): void => {
    async function answer(): Promise<void> {
      const found = await handler(toRequest(message, options))
      if (found) return sendResponse(found, response)
      if (next) return next()
      return sendResponse(new Response('Not found', { status: 404 }), response)
    }
    answer().catch((error: unknown) => {
      if (next) return next(error)
      // The text of an error may describe the inside of the app.
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  }
}
