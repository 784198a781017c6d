import type { EndSessionPopupRequest } from '@azure/msal-browser'
import { isAuthError } from '@carnet/browser'
import type { AppContext } from '../context/app-context.ts'
import { toMsalError } from '../errors/to-msal-error.ts'
import { ApiId, EventType } from '../names/constants.ts'
import { logoutHintOf, toSignOut } from '../requests/sign-out.ts'
import { prepareForget } from './forget-active.ts'

/** Removes the account, or all accounts, and ends the session of the provider in a popup. */
export async function logoutPopup(
  request: EndSessionPopupRequest,
  correlationId: string,
  context: AppContext,
): Promise<void> {
  const { events } = context
  const emit = (type: EventTypes, payload?: unknown) =>
    events.emitEvent(type, correlationId, 'popup', payload)
  const logoutHint = logoutHintOf(request)
  const valid = { ...request, correlationId, ...(logoutHint && { logoutHint }) }
  emit(EventType.LOGOUT_START, valid)
  const asked = toSignOut(valid, 'popup', context)
  const removal = watchRemoval(valid, context)
  try {
    await context.auth().signOut(asked)
    removal.succeed()
  } catch (error) {
    if (!removal.isEnough(error)) {
      const failure = await toMsalError(error, correlationId)
      events.emitEvent(EventType.LOGOUT_FAILURE, correlationId, 'popup', null, failure)
      emit(EventType.LOGOUT_END)
      throw failure
    }
  } finally {
    removal.stop()
  }
  await goOn(request, context)
  emit(EventType.LOGOUT_END)
}

type EventTypes = (typeof EventType)[keyof typeof EventType]

/**
 * Emits the events of a sign-out in the order of `@azure/msal-browser`: the success when the accounts are removed, and then the
 * popup. Carnet opens the popup first, because browsers allow it only in the click.
 */
function watchRemoval(
  request: EndSessionPopupRequest & { readonly correlationId: string },
  context: AppContext,
) {
  const { account, correlationId } = request
  const homeAccountId = account?.homeAccountId
  const auth = context.auth()
  const emit = (type: EventTypes, payload: unknown) =>
    context.events.emitEvent(type, correlationId, 'popup', payload)
  const forgetActive = prepareForget({ account: account ?? null, correlationId }, context)
  let popupWindow: Window | undefined
  let isOver = false

  function succeed(): void {
    if (isOver) return
    isOver = true
    forgetActive()
    emit(EventType.LOGOUT_SUCCESS, request)
    if (popupWindow) emit(EventType.POPUP_OPENED, { popupWindow })
  }
  const check = () => {
    const remaining = context.accounts.all(homeAccountId ? { homeAccountId } : undefined)
    if (popupWindow && remaining.length === 0) succeed()
  }
  const stops = [
    auth.on('popupOpened', ({ window, correlationId: id }) => {
      if (id !== correlationId) return
      popupWindow = window
      check()
    }),
    auth.on('accountRemoved', check),
  ]
  return {
    succeed,
    stop: () => {
      for (const stop of stops) stop()
    },
    /** True if the accounts are removed, and only the session of the provider continues. */
    isEnough: (error: unknown): boolean =>
      isOver &&
      (isAuthError(error, 'user_cancelled') ||
        (homeAccountId !== undefined && isAuthError(error, 'end_session_unsupported'))),
  }
}

/** The page goes where the request says. */
async function goOn(
  { mainWindowRedirectUri }: EndSessionPopupRequest,
  { config, navigation }: AppContext,
): Promise<void> {
  if (!mainWindowRedirectUri) return
  const url = new URL(mainWindowRedirectUri, location.href).href
  const timeout = config.system.redirectNavigationTimeout
  await navigation().navigateInternal(url, { apiId: ApiId.logoutPopup, timeout, noHistory: false })
}
