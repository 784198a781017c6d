import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toListener } from '@carnet/node/http'
import { type BackendOptions, createBackend } from './create-backend.ts'

/** The page of the app. Its deep links are in the fragment. */
const PAGE = '/bff.html'

/** A running backend. */
export interface RunningBackend {
  readonly origin: string
  readonly server: Server
  close(): Promise<void>
}

/**
 * Serves the backend and the page of the app on one origin of localhost.
 *
 * @param pages Answers requests for the page and its files.
 */
export async function startBackend(
  options: Omit<BackendOptions, 'origin'> & {
    readonly port: number
    readonly pages: (message: IncomingMessage, response: ServerResponse) => void
  },
): Promise<RunningBackend> {
  const server = createServer()
  await listen(server, options.port)
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const answer = toListener(await createBackend({ ...options, origin }), { origin })
  server.on('request', (message, response) =>
    answer(message, response, (error) => {
      if (error) return response.writeHead(500).end()
      if (message.headers.accept?.includes('text/html')) message.url = PAGE
      options.pages(message, response)
    }),
  )
  return {
    origin,
    server,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** If the port is in use, it selects another port. */
async function listen(server: Server, port: number): Promise<void> {
  try {
    await once(server.listen(port, 'localhost'), 'listening')
  } catch {
    await once(server.listen(0, 'localhost'), 'listening')
  }
}
