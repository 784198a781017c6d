import { IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'

/**
 * Reads the whole body and returns a copy of the request with an unread body.
 *
 * The copy survives the end of the connection. A delayed request is therefore still processed after its
 * page is closed, as by a server behind a slow network.
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
    // Without `complete`, Node treats the copy as aborted after the read, and closes the connection.
    complete: true,
  })
  copy.push(body)
  copy.push(null)
  return { request: copy, body: body.toString() }
}
