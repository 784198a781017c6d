import type { BffOptions, Sessions } from '../api/session.ts'
import { redirectTo } from '../web/cookies.ts'
import { answer, isFromApp, refusedAsForeign } from './csrf.ts'

/** Creates the routes that tell who is signed in, and that end the session. */
export function createUserRoutes(
  sessions: Sessions,
  { origin, postLogoutRedirectUri }: Pick<BffOptions, 'origin' | 'postLogoutRedirectUri'>,
  loginUrl: string,
) {
  async function logout(request: Request): Promise<Response> {
    if (request.method !== 'POST')
      return answer(405, { error: 'method_not_allowed' }, { allow: 'POST' })
    if (!isFromApp(request, origin)) return refusedAsForeign()
    const { cookies, url = '/' } = await sessions.end(request, { postLogoutRedirectUri })
    if (!request.headers.get('accept')?.includes('application/json'))
      return redirectTo(url, cookies)
    const ended = answer(200, { url })
    for (const cookie of cookies) ended.headers.append('set-cookie', cookie)
    return ended
  }

  async function me(request: Request): Promise<Response> {
    if (!isFromApp(request, origin)) return refusedAsForeign()
    const session = await sessions.read(request)
    if (!session) return answer(401, { error: 'no_session', loginUrl })
    const { id, username, name, tenantId } = session.account
    const expiresOn = session.expiresOn.toISOString()
    return answer(200, { account: { id, username, name, tenantId }, expiresOn })
  }

  return { logout, me }
}
