import type { AuthorizationHeaders } from '../api/api-calls.ts'
import type { AuthenticationResult } from '../api/result.ts'
import type { BffOptions } from '../api/session.ts'
import type { ClientParts } from '../tokens/client-parts.ts'
import { CSRF_HEADER } from './csrf.ts'
import { copyHeaders } from './proxy-headers.ts'

/** Creates the function that sends a request of the app to an API, with the token of a result. */
export function createProxyRequests(
  { proxyTimeoutMs = 30_000, fetch: own }: Pick<BffOptions, 'proxyTimeoutMs' | 'fetch'>,
  apis: ClientParts['apis'],
) {
  const send = own ?? apis.send

  async function sendOnce(
    request: Request,
    target: URL,
    body: RequestInit['body'],
    authorization: AuthorizationHeaders,
  ): Promise<Response> {
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), proxyTimeoutMs)
    const headers = copyHeaders(request.headers, [CSRF_HEADER])
    for (const [name, value] of Object.entries(authorization)) headers.set(name, value)
    try {
      return await send(target, {
        method: request.method,
        headers,
        body,
        // Another server must not see the token.
        redirect: 'manual',
        signal: AbortSignal.any([request.signal, late.signal]),
        ...(body instanceof ReadableStream && { duplex: 'half' }),
      } as RequestInit)
    } finally {
      clearTimeout(timer)
    }
  }

  return async function call(
    request: Request,
    target: URL,
    result: AuthenticationResult,
  ): Promise<Response> {
    const { method } = request
    // An API may refuse the first proof for its nonce.
    const mayRepeat = result.tokenType === 'DPoP' && isShort(request)
    const body = mayRepeat ? await request.arrayBuffer() : request.body
    return apis.sendProven(result, {
      method,
      url: target.href,
      canRepeat: mayRepeat || body === null,
      send: (authorization) => sendOnce(request, target, body, authorization),
    })
  }
}

/** A longer body is not kept in memory, so it cannot be sent again. */
const LONGEST_KEPT_BODY = 1024 * 1024

const isShort = ({ body, headers }: Request): boolean =>
  body !== null && Number(headers.get('content-length') ?? Infinity) <= LONGEST_KEPT_BODY
