import type { AuthenticationResult, PopupRequest, RedirectRequest } from '@azure/msal-browser'
import { type AuthClient, type InteractiveRequest, isAuthError } from '@carnet/browser'
import { assertRequest } from '../config/refused.ts'
import type { AppContext } from '../context/app-context.ts'
import { BrowserAuthError } from '../errors/browser-auth-error.ts'
import { BrowserConfigurationAuthError } from '../errors/browser-configuration-auth-error.ts'
import { toMsalError } from '../errors/to-msal-error.ts'
import { EventType } from '../names/constants.ts'
import { createGuid } from '../page/create-guid.ts'
import { noteStartPage } from '../page/start-page.ts'
import { toInteractive } from '../requests/interactive.ts'
import { toResult } from '../results/to-result.ts'
import { emitLogin } from './emit-login.ts'
import type { Leaving } from './leaving.ts'
import { withPopup } from './popup-events.ts'

/** Creates the calls with the user. */
export function createInteractions(context: AppContext, leaving: Leaving) {
  const popups = new Map<string, Promise<AuthenticationResult>>()
  let override = new AbortController()

  function popup(request: PopupRequest, correlationId: string): Promise<AuthenticationResult> {
    const { events, accounts } = context
    if (request.overrideInteractionInProgress) {
      override.abort()
      override = new AbortController()
    }
    events.emitEvent(EventType.ACQUIRE_TOKEN_START, correlationId, 'popup', request)
    const { signal } = override
    // The popup must open before the first `await`, so that the browser sees the click.
    const call = withPopup(correlationId, context, async () => {
      assertRequest(request, correlationId)
      const asked = toInteractive(request, correlationId, context)
      return send({ ...asked, interaction: 'popup', signal }, context.auth())
    })
    return call.then(
      (result) => {
        const fields = { correlationId, state: request.state ?? '' }
        const answer = toResult(result, accounts, fields)
        events.emitEvent(EventType.ACQUIRE_TOKEN_SUCCESS, correlationId, 'popup', answer)
        if (result.isNewAccount) emitLogin(answer, 'popup', context)
        return answer
      },
      async (error) => {
        const failure = await toMsalError(error, correlationId)
        events.emitEvent(EventType.ACQUIRE_TOKEN_FAILURE, correlationId, 'popup', null, failure)
        throw failure
      },
    )
  }

  async function redirect(request: RedirectRequest, correlationId: string): Promise<void> {
    const { events, pending } = context
    events.emitEvent(EventType.ACQUIRE_TOKEN_START, correlationId, 'redirect', request)
    pending.note(correlationId)
    noteStartPage()
    const stopsHere = leaving.begin(request)
    try {
      assertRequest(request, correlationId)
      const asked = toInteractive(request, correlationId, context)
      await send({ ...asked, interaction: 'redirect' }, context.auth())
    } catch (error) {
      // The app or its router navigates, and may pass the response to `handleRedirectPromise`.
      if (isAuthError(error, 'navigation_stopped') && stopsHere()) return
      pending.forget()
      if (isAuthError(error, 'user_cancelled'))
        events.emitEvent(EventType.RESTORE_FROM_BFCACHE, correlationId, 'redirect')
      const failure = await toMsalError(error, correlationId)
      events.emitEvent(EventType.ACQUIRE_TOKEN_FAILURE, correlationId, 'redirect', null, failure)
      throw failure
    } finally {
      leaving.end()
    }
  }

  return {
    /** Acquires a token in a popup. The same request joins a running one. */
    acquireTokenPopup(request: PopupRequest): Promise<AuthenticationResult> {
      const correlationId = request.correlationId || createGuid()
      try {
        context.auth()
        if (leaving.key()) throw new BrowserAuthError('interaction_in_progress', correlationId)
      } catch (error) {
        return Promise.reject(error)
      }
      const key = keyOf(request)
      const joined = request.overrideInteractionInProgress ? undefined : popups.get(key)
      if (joined) return joined
      const call = popup(request, correlationId)
      popups.set(key, call)
      const end = () => {
        if (popups.get(key) === call) popups.delete(key)
      }
      call.then(end, end)
      return call
    },

    /** Leaves the page to acquire a token. The same request joins a running one. */
    async acquireTokenRedirect(request: RedirectRequest): Promise<void> {
      const correlationId = request.correlationId || createGuid()
      context.auth()
      if (context.config.cache.cacheLocation === 'memoryStorage')
        throw new BrowserConfigurationAuthError('in_mem_redirect_unavailable', correlationId)
      if (popups.size > 0) throw new BrowserAuthError('interaction_in_progress', correlationId)
      return leaving.once(keyOf(request), correlationId, () => redirect(request, correlationId))
    },
  }
}

/** A request for a known account adds to its grant; any other request is a sign-in. */
function send(request: InteractiveRequest, auth: AuthClient) {
  if (request.account === undefined) return auth.signIn(request)
  return request.interaction === 'popup'
    ? auth.acquireTokenPopup(request)
    : auth.acquireTokenRedirect(request)
}

/** The fields by which requests are equal. A window cannot be compared. */
const keyOf = (request: PopupRequest & RedirectRequest): string =>
  JSON.stringify({
    ...request,
    correlationId: undefined,
    popupWindowParent: undefined,
    account: request.account && [request.account.homeAccountId, request.account.tenantId],
  })
