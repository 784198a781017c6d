import type { EndSessionPopupRequest, EndSessionRequest } from '@azure/msal-browser'
import type { Account, SignOutRequest } from '@carnet/browser'
import { absolute } from '../config/client-options.ts'
import type { AppContext } from '../context/app-context.ts'
import { toPopup } from './popup.ts'

/**
 * Converts a sign-out. Without an account, all accounts are signed out, and the provider is visited always. An account that is not
 * signed in here fails with `no_account_found`, if other accounts are signed in.
 */
export function toSignOut(
  request: EndSessionRequest & EndSessionPopupRequest,
  interaction: 'redirect' | 'popup',
  { accounts, config }: Pick<AppContext, 'accounts' | 'config'>,
): SignOutRequest {
  const { account, postLogoutRedirectUri = config.auth.postLogoutRedirectUri } = request
  const known = account ? accounts.find(account) : undefined
  // Carnet refuses an account that is not signed in here. It must not take the other accounts with it.
  const isForeign = account?.homeAccountId !== undefined && accounts.all().length > 0
  const other = isForeign ? (account as unknown as Account) : 'all'
  const hint = logoutHintOf(request)
  return {
    account: known ?? other,
    interaction,
    ...(request.correlationId && { correlationId: request.correlationId }),
    postLogoutRedirectUri: postLogoutRedirectUri === null ? null : absolute(postLogoutRedirectUri),
    ...(request.idTokenHint && { idTokenHint: request.idTokenHint }),
    ...(hint && { logoutHint: hint }),
    ...(request.state && { state: request.state }),
    ...toPopup(request),
    ...(request.authority && { authority: request.authority }),
    ...(request.extraQueryParameters && { extraParameters: request.extraQueryParameters }),
  }
}

/** The hint of a sign-out: that of the request, else of the account. */
export function logoutHintOf({
  account,
  logoutHint,
}: Pick<EndSessionRequest, 'account' | 'logoutHint'>): string | undefined {
  const claim = account?.idTokenClaims?.login_hint
  return logoutHint || account?.loginHint || (typeof claim === 'string' ? claim : undefined)
}
