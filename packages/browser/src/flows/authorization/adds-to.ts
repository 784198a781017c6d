import { type Account, type AccountRegistry, accountKey } from '@carnet/core'
import type { InteractiveRequest } from '../../api/requests.ts'

/**
 * The account whose grant a request for a token adds to: the one that it names, else the active one. Nobody's,
 * where the request may mean somebody else: what one person was granted is not to be asked of another.
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
