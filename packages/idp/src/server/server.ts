import { type EventEmitter, once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

export interface ListeningServer {
  readonly port: number
  /** Sets the listener. Before that, every request gets a 503. */
  serve(listener: RequestListener): void
  /** Closes the server and all connections, including pending requests. */
  close(): Promise<void>
}

export interface Certificate {
  /** Both in PEM. */
  readonly key: string
  readonly cert: string
  /** True to ask clients for a certificate. A client without a certificate may still connect. */
  readonly asksClients?: boolean
}

/** Listens on 127.0.0.1 only. @throws If the port is in use. */
export async function listen(port: number, certificate?: Certificate): Promise<ListeningServer> {
  let answer: RequestListener = (_request, response) => response.writeHead(503).end()
  const hear: RequestListener = (request, response) => answer(request, response)
  const server = certificate ? createTlsServer(tlsOptionsOf(certificate), hear) : createServer(hear)
  await listening(server, port)
  return {
    port: (server.address() as AddressInfo).port,
    serve(listener) {
      answer = listener
    },
    async close() {
      if (!server.listening) return
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

const tlsOptionsOf = ({ key, cert, asksClients = false }: Certificate) => ({
  key,
  cert,
  requestCert: asksClients,
  // Clients have self-signed certificates. The token endpoint compares them with the registered ones.
  rejectUnauthorized: false,
})

async function listening(
  server: Pick<Server, 'listen'> & EventEmitter,
  port: number,
): Promise<void> {
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (cause) {
    const isTaken = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE'
    throw new Error(
      isTaken
        ? `Port ${port} of 127.0.0.1 is in use. Stop the other program, or choose another port.`
        : `Cannot listen on port ${port} of 127.0.0.1: ${(cause as Error).message}`,
      { cause },
    )
  }
}
