import type { SsoSilentRequest } from '@azure/msal-browser'
import type { SsoRequest } from '@carnet/browser'
import { absolute } from '../config/client-options.ts'
import type { AppContext } from '../context/app-context.ts'
import { scopesOf, toCommon } from './common.ts'
import { hintsOf, toWho } from './who.ts'

/** Converts a request for the session of the provider. Its `prompt` is always `none`. */
export function toSso(
  request: SsoSilentRequest,
  correlationId: string,
  context: Pick<AppContext, 'accounts' | 'active'>,
): SsoRequest {
  return {
    ...toCommon(request, correlationId),
    ...(request.scopes && { scopes: scopesOf(request) }),
    ...(request.redirectUri && { redirectUri: absolute(request.redirectUri) }),
    ...(request.state && { state: request.state }),
    ...(request.nonce && { nonce: request.nonce }),
    ...toWho({ ...hintsOf(request), prompt: 'none' }, context),
  }
}
