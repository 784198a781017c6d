import { AuthError } from '@carnet/core'
import { unverifiedClaims, type VerifyIdToken } from '@carnet/core/network'
import type { Runtime } from '../context/runtime.ts'
import { readForm } from '../web/read-response.ts'

/** The sessions that a logout token ends. It names a session, a subject, or both. */
export interface LogoutToken {
  readonly iss: string
  readonly sub: string | undefined
  readonly sid: string | undefined
}

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const TYPES = ['logout+jwt', 'jwt']
/** Clocks of machines differ a little. */
const TOLERANCE_MS = 60_000
/** A logout token without an end counts for this long. */
const LONGEST_MS = 10 * 60_000

const refused = (why: string) =>
  new AuthError('invalid_id_token', `The logout token is not valid: ${why}.`)

/**
 * Creates the check of logout tokens (OpenID Connect Back-Channel Logout 1.0 section 2.6).
 *
 * @returns A function that throws AuthError `invalid_id_token`, and the errors of a request for keys.
 */
export function createLogoutTokenCheck(runtime: Runtime, verify: VerifyIdToken) {
  const { config, platform } = runtime
  /** The ids of the tokens of the last minutes: a replay would end later sessions of the subject. */
  const used = new Map<string, number>()

  function useOnce(jti: string, nowMs: number): void {
    for (const [one, endMs] of used) {
      if (endMs >= nowMs) break
      used.delete(one)
    }
    if (used.has(jti)) throw refused('it was used before')
    used.set(jti, nowMs + LONGEST_MS + 2 * TOLERANCE_MS)
  }

  return async function checkLogoutToken(request: Request): Promise<LogoutToken> {
    const token = new URLSearchParams(await readForm(request)).get('logout_token')
    if (token?.split('.').length !== 3) throw refused('the form has none')
    const claims = unverifiedClaims(token)
    const { typ } = unverifiedClaims(`.${token.split('.')[0]}`)
    if (typ !== undefined && !TYPES.includes(String(typ).toLowerCase()))
      throw refused('its `typ` is another one')
    const metadata = await runtime.metadata()
    const { iss, aud, sub, sid, jti, nonce, events } = claims
    const expected = config.dialect.expectedIssuer(metadata.issuer, config.authority, claims)
    if (iss !== expected) throw refused('`iss` is another issuer')
    if (![aud].flat().includes(config.clientId)) throw refused('`aud` is another client')
    if (nonce !== undefined) throw refused('it has a `nonce`, so it is an ID token')
    if (!isObject(events) || !isObject(events[EVENT])) throw refused('`events` names no logout')
    if (!isOptionalText(sub) || !isOptionalText(sid) || (sub ?? sid) === undefined)
      throw refused('it names neither `sub` nor `sid`')
    if (typeof jti !== 'string' || jti === '') throw refused('it has no `jti`')
    const nowMs = (await platform.trueTimeMs()) ?? platform.now()
    assertInTime(claims, nowMs)
    await verify(token, metadata)
    useOnce(jti, nowMs)
    return { iss: String(iss), sub, sid }
  }
}

function assertInTime({ iat, exp }: Readonly<Record<string, unknown>>, nowMs: number): void {
  if (typeof iat !== 'number' || iat * 1000 > nowMs + TOLERANCE_MS)
    throw refused('`iat` is missing, or in the future')
  const endMs = typeof exp === 'number' ? exp * 1000 : iat * 1000 + LONGEST_MS
  if (Math.min(endMs, iat * 1000 + LONGEST_MS) < nowMs - TOLERANCE_MS)
    throw refused('it has expired')
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isOptionalText = (value: unknown): value is string | undefined =>
  value === undefined || (typeof value === 'string' && value !== '')
