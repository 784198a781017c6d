import { type Account, loginHintOf, type ProviderDialect } from '@carnet/core'
import type { InteractiveRequest } from '../../api/requests.ts'

/**
 * The hints for the expected user: the `login_hint` claim of the account, else its session id, else the hint of the app or the
 * account. Only silent requests use a session id.
 */
export function hintsOf(
  { loginHint, sid, prompt }: Pick<InteractiveRequest, 'loginHint' | 'sid' | 'prompt'>,
  account: Account | undefined,
  dialect: ProviderDialect,
): { login_hint?: string | undefined; sid?: string | undefined } {
  const claims = account?.idTokenClaims
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
  const ownSid = claims && prompt === 'none' ? dialect.sessionHint(claims) : undefined
  const hint = loginHint ?? text(claims?.login_hint)
  if (hint !== undefined) return { login_hint: hint, sid }
  return (sid ?? ownSid) ? { sid: sid ?? ownSid } : { login_hint: account && loginHintOf(account) }
}
