import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TransportFault } from '../model/faults.ts'

/** Sends a response instead of the provider. */
export function respondInstead(
  response: ServerResponse,
  { status, headers, body }: Extract<TransportFault, { kind: 'respond' }>,
  cors: Record<string, string>,
): void {
  const isText = typeof body === 'string'
  const text = isText ? body : JSON.stringify(body)
  response.writeHead(status, {
    'Content-Type': isText ? 'text/plain; charset=utf-8' : 'application/json',
    'Cache-Control': 'no-store',
    ...cors,
    ...headers,
  })
  response.end(text)
}

export function redirectInstead(
  response: ServerResponse,
  location: string,
  cors: Record<string, string>,
): void {
  response.writeHead(307, { ...cors, Location: location })
  response.end()
}

/** Lets the provider process the request, and discards the response. */
export function loseAnswer({ socket }: IncomingMessage, response: ServerResponse): void {
  response.end = () => {
    socket.destroy()
    return response
  }
}

/** Sends the headers immediately and the body with `bytesPerSecond`. */
export function drip(response: ServerResponse, bytesPerSecond: number): void {
  const write = response.write.bind(response)
  const end = response.end.bind(response)
  const step = Math.max(1, Math.round(bytesPerSecond / 10))

  response.end = (body?: unknown) => {
    const bytes = Buffer.from(typeof body === 'string' || body instanceof Buffer ? body : '')
    let sent = 0
    response.flushHeaders()
    const timer = setInterval(
      () => {
        write(bytes.subarray(sent, sent + step))
        sent += step
        if (sent < bytes.length) return
        clearInterval(timer)
        end()
      },
      (step / bytesPerSecond) * 1000,
    )
    response.once('close', () => clearInterval(timer))
    return response
  }
}
