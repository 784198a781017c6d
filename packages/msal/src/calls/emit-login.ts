import type { AuthenticationResult } from '@azure/msal-browser'
import type { AppContext } from '../context/app-context.ts'
import { EventType } from '../names/constants.ts'

/**
 * Emits the event of a new account. Its payload is the account, as in version 5. Code for version 4 reads `payload.account`, so
 * the account also has itself under this name.
 */
export function emitLogin(
  { account, correlationId }: Pick<AuthenticationResult, 'account' | 'correlationId'>,
  interaction: 'redirect' | 'popup' | 'silent' | 'none',
  { events }: Pick<AppContext, 'events'>,
): void {
  const payload = Object.defineProperty({ ...account }, 'account', { value: account })
  events.emitEvent(EventType.LOGIN_SUCCESS, correlationId, interaction, payload)
}
