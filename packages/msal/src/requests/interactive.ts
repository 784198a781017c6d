import type { AccountInfo, PopupRequest, RedirectRequest } from '@azure/msal-browser'
import type { InteractiveRequest } from '@carnet/browser'
import { absolute } from '../config/client-options.ts'
import type { AppContext } from '../context/app-context.ts'
import { toCommon } from './common.ts'
import { toPopup } from './popup.ts'

/** A request with the user. */
export type AnyInteractive = Partial<PopupRequest> & Partial<RedirectRequest>

/** Converts a request with the user. Without an account, the active account is the expected user. */
export function toInteractive(
  request: AnyInteractive,
  correlationId: string,
  context: Pick<AppContext, 'accounts' | 'active'>,
): InteractiveRequest {
  const { prompt, redirectStartPage } = request
  return {
    ...toCommon(request, correlationId),
    scopes: request.scopes ?? [],
    ...(prompt && { prompt }),
    ...(request.domainHint && { domainHint: request.domainHint }),
    ...(request.extraScopesToConsent && { extraScopesToConsent: request.extraScopesToConsent }),
    ...(request.state && { state: request.state }),
    ...(request.nonce && { nonce: request.nonce }),
    ...(request.redirectUri && { redirectUri: absolute(request.redirectUri) }),
    ...(redirectStartPage && { returnTo: new URL(redirectStartPage, location.href).href }),
    ...toPopup(request),
    ...whoOf(request, context),
  }
}

/** The expected user. With `select_account` the user chooses, so that there is none. */
function whoOf(
  { prompt, account, loginHint, sid }: AnyInteractive,
  { accounts, active }: Pick<AppContext, 'accounts' | 'active'>,
): Partial<Pick<InteractiveRequest, 'account' | 'loginHint' | 'sid'>> {
  if (prompt === 'select_account') return {}
  const expected = account ?? active.get() ?? undefined
  const known = expected && accounts.find(expected)
  const hint = loginHint || (known ? undefined : hintOf(expected))
  return {
    ...(known && { account: known }),
    ...(hint && { loginHint: hint }),
    ...(sid && { sid }),
  }
}

const hintOf = (account: AccountInfo | undefined): string | undefined =>
  account?.loginHint || account?.username || undefined
