import { clientSecret, createConfidentialClient } from '@carnet/node'
import { createBff, type Sessions } from '@carnet/node/session'

/** The options of the backend. */
export interface BackendOptions {
  /** The origin at which browsers see the app. */
  readonly origin: string
  /** The issuer of the provider. */
  readonly authority: string
  readonly clientId: string
  readonly secret: string
  /** Default: the clock of the process. */
  readonly clock?: { now(): number } | undefined
}

/** Answers a request of a browser; `undefined` if the request is for a page or a file. */
export type Backend = (request: Request) => Promise<Response | undefined>

/**
 * Creates the backend of an app that keeps no token in the browser: it signs users in, and calls two APIs for them. This backend
 * keeps sessions and tokens in its memory. With several machines, pass `cache.store` and `cache.keys` (`examples/web-app.ts`).
 */
export async function createBackend(options: BackendOptions): Promise<Backend> {
  const { origin, authority, clientId, secret, clock } = options
  const app = await createConfidentialClient({
    clientId,
    authority,
    credential: clientSecret(secret),
    clock,
  })
  const bff = createBff(app, {
    origin,
    scopes: ['calendar.read', 'calendar.write', 'mail.read'],
    proxy: { '/api/': `${authority}/api/` },
    resources: {
      [`${authority}/api/calendar`]: ['calendar.read', 'calendar.write'],
      [`${authority}/api/mail`]: ['mail.read'],
    },
    postLogoutRedirectUri: `${origin}/`,
  })
  return async (request) =>
    new URL(request.url).pathname === '/status'
      ? status(bff.sessions, request)
      : bff.handle(request)
}

/** A route of the app beside those of the BFF: the times of the session, and of the tokens that the server keeps. */
async function status(sessions: Sessions, request: Request): Promise<Response> {
  const headers = { 'cache-control': 'no-store' }
  const session = await sessions.read(request)
  if (!session) return Response.json({ error: 'no_session' }, { status: 401, headers })
  const { createdOn, expiresOn, user } = session
  const { accessTokenEndsOn, silentUntil } = await user.forecast()
  return Response.json({ createdOn, expiresOn, accessTokenEndsOn, silentUntil }, { headers })
}
