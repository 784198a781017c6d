import type { IncomingMessage, ServerResponse } from 'node:http'
import type { OtherOriginStats } from '../model/other-origin-stats.ts'
import { type Certificate, type ListeningServer, listen } from './server.ts'

/**
 * Starts a server with another origin. It counts the headers that arrive, and accepts every CORS request, so that only the
 * browser and the client decide which headers arrive there.
 */
export async function startOtherOrigin(
  stats: OtherOriginStats,
  certificate?: Certificate,
): Promise<ListeningServer> {
  const server = await listen(0, certificate)
  server.serve((request, response) => {
    response.setHeader('Connection', 'close')
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Cache-Control', 'no-store')
    if (request.method === 'OPTIONS') return answerPreflight(request, response)
    const { authorization, dpop } = request.headers
    const received = {
      method: request.method ?? 'GET',
      path: request.url?.split('?')[0] ?? '/',
      authorization: authorization !== undefined,
      dpop: dpop !== undefined,
    }
    stats.add(received)
    request.resume()
    request.once('end', () => {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(received))
    })
  })
  return server
}

function answerPreflight({ headers }: IncomingMessage, response: ServerResponse): void {
  response.writeHead(204, {
    'Access-Control-Allow-Methods': 'GET, POST, PUT, PATCH, DELETE',
    'Access-Control-Allow-Headers': headers['access-control-request-headers'] ?? '',
  })
  response.end()
}
