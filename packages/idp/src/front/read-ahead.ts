import { IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'

/**
 * Reads the whole body and returns a copy of the request with an unread body.
 *
 * The copy survives the end of the connection. A delayed request is therefore still processed after its
 * page is closed, as by a server behind a slow network.
 *
 * @param change Changes the form-encoded parameters of the query and of the body.
 */
export async function readAhead(request: IncomingMessage, change = (form: string): string => form) {
  const arrived = await buffer(request)
  const text = arrived.toString()
  const changed = arrived.length > 0 ? change(text) : text
  // Keep the bytes of an unchanged body: they need not be text.
  const body = changed === text ? arrived : Buffer.from(changed)
  const [path = '/', query] = (request.url ?? '/').split('?')
  const copy = new IncomingMessage(request.socket)
  Object.assign(copy, {
    method: request.method,
    url: query === undefined ? path : `${path}?${change(query)}`,
    httpVersion: request.httpVersion,
    rawHeaders: request.rawHeaders,
    headers:
      body.length === arrived.length
        ? request.headers
        : { ...request.headers, 'content-length': String(body.length) },
    // Without `complete`, Node treats the copy as aborted after the read, and closes the connection.
    complete: true,
  })
  copy.push(body)
  copy.push(null)
  return { request: copy, body: changed }
}
