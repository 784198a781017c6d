import { type Account, type AccountRegistry, accountKey } from '@carnet/core'
import type { InteractiveRequest } from '../../api/requests.ts'

/**
 * The account whose grant a token request extends: the account of the request, else the active account. `undefined` if the
 * request may mean another user, who must not be asked for the grants of this account.
 */
export function addsTo(
  {
    account,
    prompt = '',
    loginHint,
    sid,
    domainHint,
  }: Pick<InteractiveRequest, 'account' | 'prompt' | 'loginHint' | 'sid' | 'domainHint'>,
  accounts: AccountRegistry,
): Account | undefined {
  if (account) return accounts.byKey(accountKey(account))
  const active = accounts.active()
  if (!active || ['select_account', 'login', 'create'].includes(prompt)) return undefined
  const isOwn =
    loginHint === undefined
      ? sid === undefined && domainHint === undefined
      : loginHint === active.username || loginHint === active.idTokenClaims.login_hint
  return isOwn ? active : undefined
}
