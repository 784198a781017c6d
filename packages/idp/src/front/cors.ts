import type { IncomingMessage, ServerResponse } from 'node:http'
import type { State } from '../state/state.ts'
import type { Middleware } from '../vendor/oidc-provider.ts'

/** The CORS headers of a response for a script of `origin`. */
export type CorsHeaders = (origin: string | undefined) => Record<string, string>

/** Allows only origins of registered clients. */
export function corsForClients({
  clients,
  settings,
}: Pick<State, 'clients' | 'settings'>): CorsHeaders {
  return (origin) => {
    const { exposedHeaders } = settings.get()
    if (origin === undefined || !clients.isOriginOfClient(origin)) return { Vary: 'Origin' }
    return {
      Vary: 'Origin',
      'Access-Control-Allow-Origin': origin,
      ...(exposedHeaders !== null && { 'Access-Control-Expose-Headers': exposedHeaders }),
    }
  }
}

/** Responds to the preflight request of any endpoint. */
export function answerPreflight(
  corsHeaders: CorsHeaders,
  { headers }: IncomingMessage,
  response: ServerResponse,
  refused: readonly string[] = [],
): void {
  const allowed = corsHeaders(headers.origin)
  response.writeHead(204, {
    ...allowed,
    ...('Access-Control-Allow-Origin' in allowed && {
      'Access-Control-Allow-Methods': 'GET, POST, PUT, PATCH, DELETE',
      'Access-Control-Allow-Headers': without(headers['access-control-request-headers'], refused),
    }),
  })
  response.end()
}

const without = (requested = '', refused: readonly string[]): string =>
  requested
    .split(',')
    .filter((name) => !refused.includes(name.trim().toLowerCase()))
    .join(',')

/**
 * Limits the CORS headers of oidc-provider to origins of clients, also for discovery and keys.
 * oidc-provider itself checks that a token request comes from an origin of its client.
 */
export function createCors(state: Pick<State, 'clients' | 'settings'>): Middleware {
  const corsHeaders = corsForClients(state)

  return async function cors(context, next) {
    await next()
    const origin = context.get('Origin')
    const allowed = corsHeaders(origin || undefined)
    const isRefused = !context.response.get('Access-Control-Allow-Origin')
    if (origin === '' || (isRefused && !isResource(context.path))) return
    context.remove('Access-Control-Allow-Origin')
    context.remove('Access-Control-Expose-Headers')
    context.set(allowed)
  }
}

/** True for an API and for the metadata of an API. oidc-provider does not know these paths. */
const isResource = (path: string): boolean =>
  path.startsWith('/api/') || path.startsWith('/.well-known/oauth-protected-resource/')
