import type { AuthenticationResult } from '@azure/msal-browser'
import {
  type AuthClient,
  type AuthenticationResult as CarnetResult,
  isAuthError,
} from '@carnet/browser'
import type { AppContext } from '../context/app-context.ts'
import { toMsalError } from '../errors/to-msal-error.ts'
import { ApiId, EventType } from '../names/constants.ts'
import { createGuid } from '../page/create-guid.ts'
import { isOwn } from '../page/navigation-client.ts'
import { toResult } from '../results/to-result.ts'
import { emitLogin } from './emit-login.ts'
import { RESPONSE } from './redirect-results.ts'

const OF_CARNET = /[?#&]state=carnet-/
const OF_SIGN_OUT = /[?#&]state=carnet-[\da-f]{8}-e\./

/** Creates the completion of a redirect, for a page with a response. */
export function createHandleRedirect(context: AppContext) {
  const { events, accounts, pending } = context

  async function handle(
    hash: string | undefined,
    goesToStart: boolean,
  ): Promise<AuthenticationResult | null> {
    const auth = context.auth()
    const here = location.href
    const begun = pending.id()
    const text = hash || here
    // A router may have removed a response that the app has read before.
    const isHere = !hash || here.includes(hash.replace(/^[?#]/, ''))
    const correlationId = begun ?? createGuid()
    const isStarted = begun !== undefined && !OF_SIGN_OUT.test(text)
    const start = () => events.emitEvent(EventType.HANDLE_REDIRECT_START, correlationId, 'redirect')
    if (isStarted) start()
    try {
      if (isHere && OF_SIGN_OUT.test(here)) return await returnFromSignOut(auth)
      const result = await auth.completeRedirect(isHere ? undefined : hash)
      pending.forget()
      if (!result && isHere) removeStale(here)
      if (!isStarted && result) start()
      const answer = result && succeed(result, correlationId)
      if (result) await show(result, here, { goesToStart, isHere })
      if (isStarted || result) end(correlationId)
      return answer
    } catch (error) {
      pending.forget()
      if (!goesToStart) restore(withoutResponse(here))
      // Nobody waits for the response: it was used before, or another browser began the sign-in.
      if (!isStarted && isAuthError(error, 'transaction_not_found')) return null
      if (!isStarted) start()
      const failure = await toMsalError(error, correlationId)
      events.emitEvent(EventType.ACQUIRE_TOKEN_FAILURE, correlationId, 'redirect', null, failure)
      end(correlationId)
      throw failure
    }
  }

  async function returnFromSignOut(auth: AuthClient): Promise<null> {
    const returned = await auth.completeSignOut()
    if (returned) pending.forget()
    if (returned?.state !== undefined) restore(withState(location.href, returned.state))
    return null
  }

  function succeed(result: CarnetResult, correlationId: string): AuthenticationResult {
    const answer = toResult(result, accounts, { correlationId, state: result.state ?? '' })
    events.emitEvent(EventType.ACQUIRE_TOKEN_SUCCESS, correlationId, 'redirect', answer)
    if (result.isNewAccount) emitLogin(answer, 'redirect', context)
    return answer
  }

  const end = (correlationId: string) =>
    events.emitEvent(EventType.HANDLE_REDIRECT_END, correlationId, 'redirect')

  /** Shows the page where the user started, without a page load, and tells the router. */
  async function show(
    { returnTo }: CarnetResult,
    redirectPage: string,
    { goesToStart, isHere }: { goesToStart: boolean; isHere: boolean },
  ): Promise<void> {
    const atRedirect = withoutResponse(redirectPage)
    if (!goesToStart) {
      if (isHere) restore(atRedirect)
      return
    }
    if (!returnTo) return
    if (withoutFragment(returnTo) === withoutFragment(atRedirect)) {
      // The client restored the URL, unless a router had removed the response.
      if (!isHere) restore(returnTo)
      return
    }
    const client = context.navigation()
    if (isOwn(client, 'navigateInternal')) {
      const timeout = context.config.system.redirectNavigationTimeout
      const options = { apiId: ApiId.handleRedirectPromise, timeout, noHistory: true }
      await client.navigateInternal(returnTo, options)
      return
    }
    restore(returnTo)
    dispatchEvent(new PopStateEvent('popstate', { state: history.state }))
  }

  return handle
}

/** Removes a response of another library that nobody waits for. A response of Carnet stays for its own client. */
function removeStale(href: string): void {
  if (location.href === href && !OF_CARNET.test(href) && /[#&]state=/.test(location.hash))
    restore(withoutFragment(href))
}

const restore = (url: string) => history.replaceState(history.state, '', url)

const withoutFragment = (url: string) => url.split('#')[0] ?? url

/**
 * Adds the `state` of a sign-out to the page after it, where apps look for it. As in `@azure/msal-browser`, a part of the library
 * precedes it, which ends with `|`.
 */
export function withState(href: string, state: string): string {
  const url = new URL(href)
  url.searchParams.set('state', `carnet|${state}`)
  return url.href
}

/** The URL of the redirect page, without the parameters of a response. */
function withoutResponse(href: string): string {
  const url = new URL(href)
  if (RESPONSE.test(url.hash)) url.hash = ''
  if (RESPONSE.test(url.search)) url.search = ''
  return url.href.replace(/#$/, '')
}
