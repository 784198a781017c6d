import type { SsoSilentRequest } from '@azure/msal-browser'
import type { SsoRequest } from '@carnet/browser'
import { absolute } from '../config/client-options.ts'
import type { AppContext } from '../context/app-context.ts'
import { toCommon } from './common.ts'

/** Converts a request for the session of the provider. Its `prompt` is always `none`. */
export function toSso(
  request: SsoSilentRequest,
  correlationId: string,
  { accounts, active }: Pick<AppContext, 'accounts' | 'active'>,
): SsoRequest {
  const expected = request.account ?? active.get() ?? undefined
  const known = expected && accounts.find(expected)
  const hint = request.loginHint || (known ? undefined : expected?.loginHint || expected?.username)
  return {
    ...toCommon(request, correlationId),
    ...(request.scopes && { scopes: request.scopes }),
    ...(request.domainHint && { domainHint: request.domainHint }),
    ...(request.redirectUri && { redirectUri: absolute(request.redirectUri) }),
    ...(request.state && { state: request.state }),
    ...(request.nonce && { nonce: request.nonce }),
    ...(request.sid && { sid: request.sid }),
    ...(hint && { loginHint: hint }),
    ...(known && !request.sid && !request.loginHint && { account: known }),
  }
}
