import { AuthError, isSecureUrl } from '@carnet/core'
import type { ConfidentialClient } from '../api/confidential-client.ts'
import type { SessionOptions, Sessions } from '../api/session.ts'
import { partsOf } from '../tokens/client-parts.ts'
import { cookieName, dropCookie, readCookies, setCookie } from '../web/cookies.ts'
import { createEndSessions } from './end-sessions.ts'
import { createLogoutAnswers } from './logout.ts'
import { createSessionRecords, type FoundSession, hashOf } from './session-records.ts'

const MINUTE_MS = 60_000
/** A session id has 256 random bits. */
const ID = /^[\w-]{43}$/

/**
 * Creates the sessions of a web app. Machines with the same store share them.
 *
 * @throws AuthError `invalid_options`
 */
export function createSessions(app: ConfidentialClient, options: SessionOptions): Sessions {
  checkOptions(options)
  const parts = partsOf(app, 'confidential')
  const { runtime } = parts
  const { platform } = runtime
  const { idleTimeoutMs = 30 * MINUTE_MS, absoluteTimeoutMs = 12 * 60 * MINUTE_MS } = options
  const isSecure = options.origin.startsWith('https:')
  const name = cookieName(options.cookieName ?? 'carnet-session', isSecure)
  const records = createSessionRecords(parts, idleTimeoutMs)
  const endAll = createEndSessions(app, records, options)

  function hashIn(request: Request): string | undefined {
    const id = readCookies(request).get(name)
    return id !== undefined && ID.test(id) ? hashOf('session', id) : undefined
  }

  async function found(request: Request): Promise<readonly FoundSession[]> {
    const hash = hashIn(request)
    const record = hash === undefined ? undefined : await records.get(hash)
    return hash === undefined || record === undefined ? [] : [{ hash, record }]
  }

  return {
    async begin(account, request) {
      const { iss, sub, sid } = account.idTokenClaims
      const id = platform.randomId()
      const nowMs = platform.now()
      for (const { hash, record } of await found(request)) await records.remove(hash, record)
      await records.add(hashOf('session', id), {
        account: account.id,
        iss,
        sub,
        sid: typeof sid === 'string' ? sid : undefined,
        createdAtMs: nowMs,
        seenAtMs: nowMs,
        endsAtMs: nowMs + absoluteTimeoutMs,
      })
      return { cookies: [setCookie(name, id, { isSecure, sameSite: 'Lax' })] }
    },

    async read(request) {
      const hash = hashIn(request)
      if (hash === undefined) return undefined
      const isUnanswered = records.watchStore()
      const record = await records.get(hash)
      const user = record && app.forUser(record.account)
      const account = await user?.account()
      if (!account && isUnanswered())
        throw new AuthError('store_unavailable', 'The store that holds the session is down.')
      // There is no session, or another browser of the user has signed out, and the tokens are gone.
      if (!record || !user || !account) return undefined
      if (platform.now() - record.seenAtMs > Math.min(MINUTE_MS, idleTimeoutMs / 10))
        await records.touch(hash, record)
      const { createdAtMs } = record
      const expiresAtMs = records.endOf({ ...record, seenAtMs: platform.now() })
      return {
        account,
        user,
        createdOn: new Date(createdAtMs),
        expiresOn: new Date(expiresAtMs),
      }
    },

    async end(request, { postLogoutRedirectUri } = {}) {
      const url = await endAll(await found(request), postLogoutRedirectUri)
      return { cookies: [dropCookie(name)], url }
    },

    ...createLogoutAnswers({ parts, records, endAll, found, dropped: dropCookie(name) }),
  }
}

function checkOptions(options: SessionOptions): void {
  const invalid = (message: string) => new AuthError('invalid_options', message)
  const { origin, idleTimeoutMs = 1, absoluteTimeoutMs = 1, cookieName: name = 'a' } = options ?? {}
  if (!isSecureUrl(origin) || new URL(origin).origin !== origin)
    throw invalid('`origin` must be an https origin such as "https://app.example".')
  if (!(idleTimeoutMs > 0) || !(absoluteTimeoutMs > 0))
    throw invalid('`idleTimeoutMs` and `absoluteTimeoutMs` must be greater than 0.')
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name))
    throw invalid('`cookieName` must be a token (RFC 6265 section 4.1.1).')
}
