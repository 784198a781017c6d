import { isAuthError } from '@carnet/browser'
import type * as Original from 'oidc-client-ts'
import { type CallPopup, createCallPopup } from '../carnet/call-popup.ts'
import { texts } from '../carnet/requests.ts'
import { NO_MATCHING_STATE } from '../carnet/to-oidc-error.ts'
import { ErrorResponse } from '../values/errors.ts'
import { parametersOf, SignoutResponse, URL_STATE_SEPARATOR } from '../values/responses.ts'
import type { UserManagerSettingsStore } from '../values/settings.ts'
import { State } from '../values/states.ts'
import type { FlowDeps } from './flow-deps.ts'
import { prepareDeparture, type RedirectHow } from './navigators.ts'

type Args = Original.ExtraSignoutRequestArgs

const extraOf = (args: Args, settings: UserManagerSettingsStore): Record<string, string> =>
  texts(args.extraQueryParams ?? settings.extraQueryParams)

/** The sign-out of every account of the client. `oidc-client-ts` has one user. */
const requestOf = (args: Args) => ({
  account: 'all' as const,
  idTokenHint: args.id_token_hint ?? true,
  logoutHint: null,
})

/**
 * Removes the user, and sends the page to the end-session endpoint. The provider returns a `state` only if the app has one.
 *
 * @param unloaded Called once when the user has been removed.
 */
export async function redirectToSignOut(
  args: Args & RedirectHow,
  { settings, connection }: FlowDeps,
  unloaded: () => Promise<void>,
  navigator?: Original.INavigator,
): Promise<string | undefined> {
  const { post_logout_redirect_uri = settings.post_logout_redirect_uri } = args
  const departure = await prepareDeparture(args, settings, {
    navigator,
    rewrite: async (url) => {
      await unloaded()
      url.searchParams.delete('state')
      const state =
        post_logout_redirect_uri && (await storeState({ ...args, request_type: 'so:r' }, settings))
      if (state) url.searchParams.set('state', stateParameter(state))
      // Providers have parameters of their own, such as `client_id` and `logout_uri`. The app knows them.
      for (const [name, value] of Object.entries(extraOf(args, settings)))
        url.searchParams.set(name, value)
    },
  })
  const request = {
    ...requestOf(args),
    postLogoutRedirectUri: post_logout_redirect_uri ?? null,
  }
  try {
    await connection.leaving(departure.leave, () => connection.auth.signOut(request))
  } catch (error) {
    departure.close()
    throw error
  }
  return departure.done
}

/** Stores the `state` of the app, if it has one, and removes the old states. */
export async function storeState(
  { state: data, url_state, request_type }: Pick<Original.CreateSignoutRequestArgs, StateFields>,
  {
    stateStore,
    staleStateAgeInSeconds,
  }: Pick<UserManagerSettingsStore, 'stateStore' | 'staleStateAgeInSeconds'>,
): Promise<State | undefined> {
  await State.clearStaleState(stateStore, staleStateAgeInSeconds)
  if (!data && url_state === undefined) return undefined
  const state = new State({
    data,
    ...(request_type !== undefined && { request_type }),
    ...(url_state !== undefined && { url_state }),
  })
  await stateStore.set(state.id, state.toStorageString())
  return state
}

type StateFields = 'state' | 'url_state' | 'request_type'

/** The parameter for the provider, which returns it. */
export const stateParameter = ({ id, url_state }: State): string =>
  url_state === undefined ? id : `${id}${URL_STATE_SEPARATOR}${url_state}`

/** Signs out with the popup of a navigator of the app. */
export async function signOutWithNavigator(
  args: Original.SignoutPopupArgs,
  deps: FlowDeps,
  unloaded: () => Promise<void>,
  navigator: Original.INavigator,
): Promise<void> {
  const uri = deps.settings.popup_post_logout_redirect_uri
  const own = { ...(uri !== undefined && { post_logout_redirect_uri: uri, state: {} }) }
  const url = await redirectToSignOut({ ...own, ...args }, deps, unloaded, navigator)
  await completeSignOut(url ?? '', deps.settings)
}

/** Signs out with a popup. Call it in the click handler, before the first `await`. */
export const signOutWithPopup = (
  args: Original.SignoutPopupArgs,
  deps: FlowDeps,
): Promise<void> => {
  const { how, during } = createCallPopup(args, deps.settings)
  return during(signOutBeside('popup', args, deps, how))
}

/** Signs out with a popup or a hidden iframe. */
export async function signOutBeside(
  interaction: 'popup' | 'iframe',
  args: Args,
  { settings, connection: { auth } }: FlowDeps,
  how?: CallPopup['how'],
): Promise<void> {
  const { post_logout_redirect_uri: ownUri = settings.popup_post_logout_redirect_uri } = args
  const {
    id_token_hint,
    logout_hint: logoutHint = null,
    post_logout_redirect_uri: postLogoutRedirectUri = ownUri ?? null,
    client_id,
    ...extraParameters
  } = extraOf(args, settings)
  if (client_id !== undefined && client_id !== settings.client_id)
    throw new Error('`client_id` in `extraQueryParams` must be the client of the settings.')
  await auth
    .signOut({
      ...requestOf(id_token_hint === undefined ? args : { ...args, id_token_hint }),
      ...how,
      ...{ interaction, logoutHint, postLogoutRedirectUri, extraParameters },
    })
    .catch((error) => {
      // The user closed the popup after the sign-out.
      if (!isAuthError(error, 'user_cancelled')) throw error
    })
}

/** The response of a sign-out by redirect. */
export async function completeSignOut(
  url: string,
  { response_mode, stateStore }: Pick<UserManagerSettingsStore, 'response_mode' | 'stateStore'>,
): Promise<SignoutResponse> {
  const response = new SignoutResponse(parametersOf(url, response_mode))
  if (response.state) {
    const text = await stateStore.remove(response.state)
    if (!text) throw new Error(NO_MATCHING_STATE)
    const { data, url_state } = await State.fromStorageString(text)
    Object.assign(response, { userState: data, ...(url_state !== undefined && { url_state }) })
  }
  if (response.error) throw new ErrorResponse(response)
  return response
}
