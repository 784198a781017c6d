import type {
  ClearCacheRequest,
  EndSessionPopupRequest,
  EndSessionRequest,
} from '@azure/msal-browser'
import { isAuthError } from '@carnet/browser'
import type { AppContext } from '../context/app-context.ts'
import { toMsalError } from '../errors/to-msal-error.ts'
import { EventType } from '../names/constants.ts'
import { createGuid } from '../page/create-guid.ts'
import { logoutHintOf, toSignOut } from '../requests/sign-out.ts'
import { prepareForget } from './forget-active.ts'
import type { Leaving } from './leaving.ts'
import { logoutPopup } from './logout-popup.ts'

/** Creates the calls that sign out. */
export function createSignOut(context: AppContext, leaving: Leaving) {
  return {
    /** Removes the account, or all accounts, and leaves the page to end the session of the provider. */
    async logoutRedirect(request?: EndSessionRequest): Promise<void> {
      const correlationId = request?.correlationId || createGuid()
      context.auth()
      const { correlationId: _, ...fields } = request ?? {}
      return leaving.once(`logout ${JSON.stringify(fields)}`, correlationId, () =>
        byRedirect(request, correlationId, context, leaving),
      )
    },

    /** The same in a popup. */
    logoutPopup(request: EndSessionPopupRequest = {}): Promise<void> {
      try {
        context.auth()
      } catch (error) {
        return Promise.reject(error)
      }
      return logoutPopup(request, request.correlationId || createGuid(), context)
    },

    /** Removes an account with its tokens, in all its tenants, or all accounts. The session of the provider continues. */
    async clearCache({ account }: ClearCacheRequest = {}): Promise<void> {
      const auth = context.auth()
      prepareForget({ account: account ?? null }, context)()
      if (!account) return auth.clear()
      for (const one of auth.accounts)
        if (one.homeAccountId === account.homeAccountId) await auth.removeAccount(one)
    },
  }
}

async function byRedirect(
  request: EndSessionRequest | undefined,
  correlationId: string,
  context: AppContext,
  leaving: Leaving,
): Promise<void> {
  const { events } = context
  const emit = (type: (typeof EventType)[keyof typeof EventType], payload?: unknown) =>
    events.emitEvent(type, correlationId, 'redirect', payload)
  const logoutHint = logoutHintOf(request ?? {})
  const valid = { ...request, correlationId, ...(logoutHint && { logoutHint }) }
  const isOfOne = request?.account?.homeAccountId !== undefined
  const succeed = () => {
    if (isOfOne) emit(EventType.LOGOUT_SUCCESS, valid)
  }
  emit(EventType.LOGOUT_START, request)
  const signOut = toSignOut(valid, 'redirect', context)
  prepareForget({ account: valid.account ?? null, correlationId }, context)()
  // Carnet has cleared the cache when it asks whether the page may be left.
  leaving.begin(valid, succeed)
  try {
    await context.auth().signOut(signOut)
  } catch (error) {
    if (!isOfOne || !isAuthError(error, 'end_session_unsupported')) {
      const failure = await toMsalError(error, correlationId)
      events.emitEvent(EventType.LOGOUT_FAILURE, correlationId, 'redirect', null, failure)
      emit(EventType.LOGOUT_END)
      throw failure
    }
    succeed() // The provider has no session to end, and the account is removed.
  } finally {
    leaving.end()
  }
  emit(EventType.LOGOUT_END)
}
