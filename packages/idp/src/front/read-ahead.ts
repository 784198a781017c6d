import { IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'

/**
 * Reads the whole body and returns the request as if it had just arrived.
 *
 * The copy does not break when the browser goes away, so that a request which waits here is still
 * processed when its page has been closed, as with a server behind a slow network.
 */
export async function readAhead(request: IncomingMessage) {
  const body = await buffer(request)
  const copy = new IncomingMessage(request.socket)
  Object.assign(copy, {
    method: request.method,
    url: request.url,
    httpVersion: request.httpVersion,
    rawHeaders: request.rawHeaders,
    headers: request.headers,
    // Else the copy takes itself for broken off when it has been read, and closes the connection.
    complete: true,
  })
  copy.push(body)
  copy.push(null)
  return { request: copy, body: body.toString() }
}
