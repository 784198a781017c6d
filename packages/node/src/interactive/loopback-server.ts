import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AuthError } from '@carnet/core'

/** A response that arrived, with the function that shows the last page. */
export interface LoopbackResponse {
  readonly response: URLSearchParams
  readonly show: (html: string) => void
}

/** A server on this machine that waits for one authorization response (RFC 8252 section 7.3). */
export interface LoopbackServer {
  readonly redirectUri: string
  readonly arrived: Promise<LoopbackResponse>
  close(): void
}

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  // The page removes the code from the history and from the address bar.
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  connection: 'close',
}

/**
 * Starts the server. Only a response with the `state` ends the wait: another page or program cannot disturb the sign-in.
 *
 * @throws AuthError `invalid_request` if the port is in use.
 */
export async function startLoopbackServer(
  registered: string,
  state: string,
): Promise<LoopbackServer> {
  const wanted = new URL(registered)
  const isName = wanted.hostname === 'localhost'
  const address = isName ? '127.0.0.1' : wanted.hostname.replace(/^\[|\]$/g, '')
  let arrive: (found: LoopbackResponse) => void = () => undefined
  const arrived = new Promise<LoopbackResponse>((resolve) => {
    arrive = resolve
  })
  const listener = (message: IncomingMessage, answer: ServerResponse): void => {
    const { pathname, searchParams } = new URL(message.url ?? '/', 'http://localhost')
    const isOurs =
      message.method === 'GET' &&
      pathname === wanted.pathname &&
      // A page of another host name that resolves to this machine.
      message.headers.host === new URL(redirectUri).host &&
      searchParams.get('state') === state &&
      new Set(searchParams.keys()).size === [...searchParams.keys()].length
    if (!isOurs) {
      answer.writeHead(404, HEADERS).end()
      return
    }
    arrive({ response: searchParams, show: (html) => answer.writeHead(200, HEADERS).end(html) })
  }
  const server = await listen(listener, address, Number(wanted.port))
  const { port } = server.address() as AddressInfo
  const redirectUri = withPort(registered, port)
  // A browser may resolve `localhost` to the address of version 6.
  const second = isName ? await listen(listener, '::1', port).catch(() => undefined) : undefined
  return {
    redirectUri,
    arrived,
    close() {
      for (const one of [server, second]) one?.close()
      // Answers on the way are sent; idle connections end.
      for (const one of [server, second]) one?.closeIdleConnections()
    },
  }
}

/** The registered URI with the port. `URL` would add a slash to a URI without a path. */
function withPort(registered: string, port: number): string {
  return registered.replace(/^(http:\/\/(?:\[[^\]]*\]|[^/:]+))(?::\d+)?/i, `$1:${port}`)
}

async function listen(
  listener: (message: IncomingMessage, answer: ServerResponse) => void,
  address: string,
  port: number,
): Promise<Server> {
  const server = createServer(listener).listen(port, address)
  try {
    await once(server, 'listening')
    return server
  } catch (cause) {
    const message = `No response can arrive at ${address} port ${port}: another program uses it.`
    throw new AuthError('invalid_request', message, { cause })
  }
}
