import type { Sessions } from '../api/session.ts'
import { createIdTokenCheck } from '../authorization/authorization-code.ts'
import type { ClientParts } from '../tokens/client-parts.ts'
import type { EndSessions } from './end-sessions.ts'
import { logoutPage, refusedLogout } from './logout-answers.ts'
import { createLogoutTokenCheck } from './logout-token.ts'
import type { FoundSession, SessionRecords } from './session-records.ts'

interface LogoutDeps {
  readonly parts: ClientParts
  readonly records: SessionRecords
  readonly endAll: EndSessions
  /** The session of the browser. */
  readonly found: (request: Request) => Promise<readonly FoundSession[]>
  /** The `Set-Cookie` value that deletes the cookie. */
  readonly dropped: string
}

/** Creates the answers to the sign-out at the provider. */
export function createLogoutAnswers({
  parts: { runtime },
  records,
  endAll,
  found,
  dropped,
}: LogoutDeps): Pick<Sessions, 'backChannelLogout' | 'frontChannelLogout'> {
  const checkLogoutToken = createLogoutTokenCheck(runtime, createIdTokenCheck(runtime))
  return {
    async backChannelLogout(request) {
      try {
        const { iss, sub, sid } = await checkLogoutToken(request)
        const all =
          sid === undefined ? await records.bySubject(iss, sub ?? '') : await records.bySid(sid)
        await endAll(all.filter(({ record }) => record.iss === iss && (!sub || record.sub === sub)))
        return new Response(null, { status: 200, headers: { 'cache-control': 'no-store' } })
      } catch (error) {
        return refusedLogout(error)
      }
    },

    async frontChannelLogout(request) {
      const { searchParams } = new URL(request.url)
      const sid = searchParams.get('sid')
      const iss = searchParams.get('iss')
      // A link on another site sends the cookie too, but only a frame of the provider signs out.
      const isPage = request.headers.get('sec-fetch-dest') === 'document'
      const own = isPage ? [] : await found(request)
      const all = sid === null ? own : await records.bySid(sid)
      await endAll(all.filter(({ record }) => iss === null || record.iss === iss))
      return logoutPage(runtime.config.authority, [dropped])
    },
  }
}
