import type { AccountInfo } from '@azure/msal-browser'
import type { InteractiveRequest } from '@carnet/browser'
import type { AppContext } from '../context/app-context.ts'
import { type AnyRequest, extraOf } from './common.ts'

/** The fields of a request that name the expected user, and how the provider treats the user. */
interface Hints {
  readonly prompt?: string | undefined
  readonly account?: AccountInfo | null | undefined
  readonly loginHint?: string | undefined
  readonly sid?: string | undefined
  readonly domainHint?: string | undefined
}

/** The hints of a request. Further parameters are hints too, if the request has no field for them. */
export function hintsOf(request: AnyRequest & Hints): Hints & { readonly maxAge?: string } {
  const { prompt, login_hint, sid, domain_hint, max_age } = extraOf(request)
  return {
    prompt: request.prompt || prompt,
    account: request.account,
    loginHint: request.loginHint || login_hint,
    sid: request.sid || sid,
    domainHint: request.domainHint || domain_hint,
    ...(max_age !== undefined && { maxAge: max_age }),
  }
}

/**
 * Converts the hints of a request, in the order of `@azure/msal-browser`: the session of a request without the user, the login hint
 * of the account, its session, the login hint of the request, the user name. With `select_account` the user chooses.
 */
export function toWho(
  { prompt, account, loginHint, sid, domainHint }: Hints,
  { accounts, active }: Pick<AppContext, 'accounts' | 'active'>,
): Pick<InteractiveRequest, 'account' | 'loginHint' | 'sid' | 'domainHint'> {
  const domain = domainHint ? { domainHint } : {}
  if (prompt === 'select_account') return domain
  const isSilent = prompt === 'none'
  if (sid && isSilent) return { ...domain, sid }
  const expected = account ?? (loginHint || sid ? undefined : active.get()) ?? undefined
  const known = expected && accounts.find(expected)
  const claims = expected?.idTokenClaims ?? {}
  const ofAccount = domainHint ? undefined : expected?.loginHint || textOf(claims.login_hint)
  const session = isSilent && !ofAccount ? textOf(claims.sid) : undefined
  const hint = ofAccount || (session ? undefined : loginHint || expected?.username)
  return {
    ...domain,
    ...(known && !session && { account: known }),
    ...(session && { sid: session }),
    ...(hint && { loginHint: hint }),
  }
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined
