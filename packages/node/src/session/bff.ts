import { AuthError, isAuthError } from '@carnet/core'
import type { ConfidentialClient } from '../api/confidential-client.ts'
import type { Bff, BffOptions, BffPaths } from '../api/session.ts'
import { partsOf } from '../tokens/client-parts.ts'
import { redirectTo } from '../web/cookies.ts'
import { createApiProxy } from './api-proxy.ts'
import { answer, isFromApp, refusedAsForeign } from './csrf.ts'
import { createSessions } from './sessions.ts'
import { loginUrlOf, readDemand, type SignInDemand } from './sign-in-demand.ts'
import { createUserRoutes } from './user-routes.ts'

const PATHS: BffPaths = {
  login: '/login',
  callback: '/callback',
  logout: '/logout',
  me: '/me',
  backChannelLogout: '/backchannel-logout',
  frontChannelLogout: '/frontchannel-logout',
}

/**
 * Creates a backend for frontend: sign-in, sign-out, the user, and calls of APIs, with a session cookie and without tokens in the
 * browser (RFC 10017).
 *
 * @throws AuthError `invalid_options`
 */
export function createBff(app: ConfidentialClient, options: BffOptions): Bff {
  const sessions = createSessions(app, options)
  const { origin, resource, errorPath = '/' } = options
  const paths = { ...PATHS, ...options.paths }
  const redirectUri = `${origin}${paths.callback}`
  const loginUrl = (demand?: SignInDemand) => loginUrlOf(paths.login, demand)
  const proxy = createApiProxy(options, loginUrl, partsOf(app, 'confidential').apis)

  const { logout, me } = createUserRoutes(sessions, options, loginUrl())

  async function login(request: Request): Promise<Response> {
    const asked = new URL(request.url).searchParams
    const text = (name: string) => asked.get(name) || undefined
    const fields = {
      ...readDemand(asked, options, proxy.scopes),
      redirectUri,
      resource,
      request,
      prompt: text('prompt'),
      loginHint: text('login_hint'),
    }
    const begin = (returnTo: string | undefined) => app.signIn.begin({ ...fields, returnTo })
    const returnTo = text('returnTo')
    // A link with a foreign `returnTo` still signs the user in, and leads to the start page.
    const isOwn = returnTo !== undefined && originOf(returnTo, origin) === origin
    return (await begin(isOwn ? returnTo : undefined)).response
  }

  async function callback(request: Request): Promise<Response> {
    const { account, returnTo, cookies } = await app.signIn.finish(request)
    const begun = await sessions.begin(account, request)
    return redirectTo(returnTo, [...cookies, ...begun.cookies])
  }

  /** An error of a page becomes a redirect, because the user sees the answer. */
  async function page(work: Promise<Response>, request: Request): Promise<Response> {
    try {
      return await work
    } catch (error) {
      if (!isAuthError(error)) throw error
      // The back button repeats a response: a user who is signed in needs no error.
      const isRepeated = error.code === 'transaction_not_found'
      if (isRepeated && (await sessions.read(request).catch(() => undefined)))
        return redirectTo('/')
      const target = new URL(errorPath, origin)
      target.searchParams.set('error', error.code)
      return redirectTo(`${target.pathname}${target.search}`)
    }
  }

  async function route(request: Request): Promise<Response | undefined> {
    const { pathname } = new URL(request.url)
    if (pathname === paths.login) return page(login(request), request)
    if (pathname === paths.callback) return page(callback(request), request)
    if (pathname === paths.logout) return logout(request)
    if (pathname === paths.me) return me(request)
    if (pathname === paths.backChannelLogout) return sessions.backChannelLogout(request)
    if (pathname === paths.frontChannelLogout) return sessions.frontChannelLogout(request)
    const target = proxy.targetOf(request)
    if (!target) return undefined
    if (!isFromApp(request, origin)) return refusedAsForeign()
    return proxy.handle(request, target, await sessions.read(request))
  }

  return {
    sessions,
    async handle(request) {
      try {
        return await route(request)
      } catch (error) {
        const isTransient = error instanceof AuthError && error.isTransient
        const code = isAuthError(error) ? error.code : 'internal'
        return answer(isTransient ? 503 : 500, { error: code })
      }
    },
  }
}

function originOf(url: string, base: string): string | undefined {
  try {
    return new URL(url, base).origin
  } catch {
    return undefined
  }
}
