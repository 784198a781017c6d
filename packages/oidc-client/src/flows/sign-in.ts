import {
  type AuthClient,
  type AuthenticationResult,
  type InteractiveRequest,
  isAuthError,
} from '@carnet/browser'
import type * as Original from 'oidc-client-ts'
import { createCallPopup } from '../carnet/call-popup.ts'
import { requestOf, type SigninArgs } from '../carnet/requests.ts'
import { NO_MATCHING_STATE } from '../carnet/to-oidc-error.ts'
import { parametersOf, SigninResponse, URL_STATE_SEPARATOR } from '../values/responses.ts'
import type { UserManagerSettingsStore } from '../values/settings.ts'
import type { User } from '../values/user.ts'
import type { FlowDeps } from './flow-deps.ts'
import { prepareDeparture, type RedirectHow } from './navigators.ts'

/**
 * Sends the user to the provider. It resolves if the user comes back without a response.
 *
 * @returns The URL of the response, if a navigator of the app delivers it to this page.
 */
export async function redirectToSignIn(
  args: SigninArgs & RedirectHow,
  { settings, connection }: FlowDeps,
  navigator?: Original.INavigator,
): Promise<string | undefined> {
  const { url_state } = args
  const departure = await prepareDeparture(args, settings, {
    navigator,
    rewrite: url_state === undefined ? undefined : async (url) => addUrlState(url, url_state),
  })
  const request: InteractiveRequest = { ...requestOf(args, settings), interaction: 'redirect' }
  const { auth } = connection
  try {
    await connection.leaving(departure.leave, () => auth.signIn(request))
  } catch (error) {
    if (departure.leave && isAuthError(error, 'navigation_stopped')) return departure.done
    departure.close()
    if (!isAuthError(error, 'user_cancelled')) throw error
  }
  return undefined
}

function addUrlState(url: URL, urlState: string): void {
  const state = url.searchParams.get('state')
  url.searchParams.set('state', `${state}${URL_STATE_SEPARATOR}${urlState}`)
}

/** Signs in with the popup of a navigator of the app. */
export async function signInWithNavigator(
  args: Original.SigninPopupArgs,
  deps: FlowDeps,
  navigator: Original.INavigator,
): Promise<User> {
  const redirect_uri = deps.settings.popup_redirect_uri
  const url = await redirectToSignIn({ display: 'popup', redirect_uri, ...args }, deps, navigator)
  return completeSignIn(url ?? '', deps)
}

/** Signs in with a popup. Call it in the click handler, before the first `await`. */
export async function signInWithPopup(
  args: Original.SigninPopupArgs,
  { settings, connection: { auth }, users }: FlowDeps,
): Promise<User> {
  const { how, signal, during } = createCallPopup(args, settings)
  const request = {
    ...requestOf({ display: 'popup', ...args }, settings),
    ...how,
    interaction: 'popup' as const,
    signal,
  }
  return users.adopt(await during(auth.signIn(request)))
}

/** The `state` values of the responses that this page has completed. */
const completed = new Set<string>()

/** Completes the response of a redirect. The URL of the page stays as it is. */
export async function completeSignIn(
  url: string,
  { settings, connection: { auth }, users }: FlowDeps,
): Promise<User> {
  return users.adopt(await completeOnce(url, responseIn(url, settings).state, auth))
}

/**
 * Completes a response. Calls at the same time share its result; a later call finds no sign-in that waits.
 *
 * @throws Error with a text that apps compare, if no sign-in waits for the response.
 */
export async function completeOnce(
  url: string,
  state: string,
  auth: AuthClient,
): Promise<AuthenticationResult> {
  if (completed.has(state)) throw new Error(NO_MATCHING_STATE)
  const result = await auth
    .completeRedirect(withoutUrlState(url, state))
    .finally(() => completed.add(state))
  if (!result) throw new Error(NO_MATCHING_STATE)
  return result
}

/** The URL with the `state` that Carnet sent. */
function withoutUrlState(url: string, state: string): string {
  const bare = new URL(url, location.origin)
  for (const part of ['search', 'hash'] as const) {
    const parameters = new URLSearchParams(bare[part].slice(1))
    if (!parameters.get('state')?.startsWith(state + URL_STATE_SEPARATOR)) continue
    parameters.set('state', state)
    bare[part] = parameters.toString()
  }
  return bare.href
}

/** The response in a URL. @throws Error if it has no `state`. */
export function responseIn(
  url: string,
  { response_mode }: Pick<UserManagerSettingsStore, 'response_mode'>,
): SigninResponse & { state: string } {
  const response = new SigninResponse(parametersOf(url, response_mode))
  if (!response.state) throw new Error('No state in response')
  return response as SigninResponse & { state: string }
}
