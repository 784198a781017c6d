import type { ClearCacheRequest } from '@azure/msal-browser'
import type { AppContext } from '../context/app-context.ts'
import { EventType } from '../names/constants.ts'
import { createGuid } from '../page/create-guid.ts'

/**
 * Prepares to forget the active account with the account of a request, or with all accounts. Call it while the account is signed in,
 * and the returned function when it is removed.
 */
export function prepareForget(
  { account, correlationId = createGuid() }: ClearCacheRequest,
  { active, events }: Pick<AppContext, 'active' | 'events'>,
): () => void {
  const current = active.get()
  if (!current || (account && account.homeAccountId !== current.homeAccountId))
    return () => undefined
  return () => {
    active.set(null)
    events.emitEvent(EventType.ACTIVE_ACCOUNT_CHANGED, correlationId)
  }
}
