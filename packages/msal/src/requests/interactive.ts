import type { PopupRequest, RedirectRequest } from '@azure/msal-browser'
import type { InteractiveRequest } from '@carnet/browser'
import { absolute } from '../config/client-options.ts'
import type { AppContext } from '../context/app-context.ts'
import { scopesOf, toCommon } from './common.ts'
import { toPopup } from './popup.ts'
import { hintsOf, toWho } from './who.ts'

/** A request with the user. */
export type AnyInteractive = Partial<PopupRequest> & Partial<RedirectRequest>

/** Converts a request with the user. Without an account, the active account is the expected user. */
export function toInteractive(
  request: AnyInteractive,
  correlationId: string,
  context: Pick<AppContext, 'accounts' | 'active'>,
): InteractiveRequest {
  const { redirectStartPage } = request
  const hints = hintsOf(request)
  const { prompt, maxAge } = hints
  return {
    ...toCommon(request, correlationId),
    scopes: scopesOf(request),
    ...(prompt && { prompt }),
    ...(maxAge && { maxAgeMs: Number(maxAge) * 1000 }),
    ...(request.extraScopesToConsent && {
      extraScopesToConsent: scopesOf({ scopes: request.extraScopesToConsent }),
    }),
    ...(request.state && { state: request.state }),
    ...(request.nonce && { nonce: request.nonce }),
    ...(request.redirectUri && { redirectUri: absolute(request.redirectUri) }),
    ...(redirectStartPage && { returnTo: new URL(redirectStartPage, location.href).href }),
    ...toPopup(request),
    ...toWho(hints, context),
  }
}
