import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clients } from '../accounts/clients.ts'
import type { Middleware } from '../vendor/oidc-provider.ts'

const exposed = 'WWW-Authenticate, Retry-After, DPoP-Nonce'

/** The CORS headers of a response for a script of `origin`. */
export type CorsHeaders = (origin: string | undefined) => Record<string, string>

/** Allows only origins of registered clients. */
export function corsForClients(clients: Clients): CorsHeaders {
  return (origin) => {
    if (origin === undefined || !clients.isOriginOfClient(origin)) return { Vary: 'Origin' }
    return {
      Vary: 'Origin',
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Expose-Headers': exposed,
    }
  }
}

/** Responds to the preflight request of any endpoint. */
export function answerPreflight(
  corsHeaders: CorsHeaders,
  { headers }: IncomingMessage,
  response: ServerResponse,
): void {
  const allowed = corsHeaders(headers.origin)
  response.writeHead(204, {
    ...allowed,
    ...('Access-Control-Allow-Origin' in allowed && {
      'Access-Control-Allow-Methods': 'GET, POST',
      'Access-Control-Allow-Headers': headers['access-control-request-headers'] ?? '',
    }),
  })
  response.end()
}

/**
 * Limits the CORS headers of oidc-provider to origins of clients, also for discovery and keys.
 * oidc-provider itself checks that a token request comes from an origin of its client.
 */
export function createCors(clients: Clients): Middleware {
  const corsHeaders = corsForClients(clients)

  return async function cors(context, next) {
    await next()
    const origin = context.get('Origin')
    const allowed = corsHeaders(origin || undefined)
    const isRefused = !context.response.get('Access-Control-Allow-Origin')
    if (origin === '' || (isRefused && !context.path.startsWith('/api/'))) return
    context.remove('Access-Control-Allow-Origin')
    context.set(allowed)
  }
}
