/** The calls of an `OidcClient`. This part loads at the first call. */
import { isAuthError } from '@carnet/browser'
import type * as Original from 'oidc-client-ts'
import { connect } from '../carnet/connection.ts'
import { requestOf, texts } from '../carnet/requests.ts'
import { fromAppState } from '../carnet/sent-state.ts'
import { toOidcError } from '../carnet/to-oidc-error.ts'
import { checkSettings } from '../values/declined.ts'
import { withoutProtocolClaims } from '../values/profile.ts'
import type { SigninResponse, SignoutResponse } from '../values/responses.ts'
import type { OidcClientSettingsStore } from '../values/settings.ts'
import { SigninState, State } from '../values/states.ts'
import { completeOnce, responseIn } from './sign-in.ts'
import { completeSignOut, stateParameter, storeState } from './sign-out.ts'

type Metadata = Pick<Original.MetadataService, 'getEndSessionEndpoint'>

/** Creates the requests of one page, and completes their responses, without a stored user. */
export function createProtocolCalls(settings: OidcClientSettingsStore, metadata: Metadata) {
  /** Creates an authorization request. The app navigates to its URL. */
  async function createSigninRequest(
    args: Original.CreateSigninRequestArgs,
  ): Promise<{ url: string; state: SigninState }> {
    if (args.response_type !== undefined) checkSettings({ response_type: args.response_type })
    const { auth, leaving } = await connect(settings)
    let url = ''
    const keep = async (text: string) => {
      url = text
      return false
    }
    const request = requestOf(args, settings)
    await leaving(keep, () => auth.signIn({ ...request, interaction: 'redirect' })).catch(
      (error) => {
        if (!url || !isAuthError(error, 'navigation_stopped')) throw error
      },
    )
    const state = await SigninState.create({
      id: new URL(url).searchParams.get('state') ?? '',
      data: args.state,
      authority: settings.authority,
      client_id: settings.client_id,
      redirect_uri: args.redirect_uri ?? settings.redirect_uri,
      scope: args.scope ?? settings.scope,
      ...(request.nonce !== undefined && { nonce: request.nonce }),
    })
    return { url, state }
  }

  /** Redeems the code of a response. */
  async function processSigninResponse(url: string): Promise<SigninResponse> {
    const response = responseIn(url, settings)
    const { auth } = await connect(settings)
    const result = await completeOnce(url, response.state, auth)
    return Object.assign(response, {
      id_token: result.idToken,
      access_token: result.accessToken,
      token_type: result.tokenType,
      scope: result.response?.scope ?? settings.scope,
      session_state: result.response?.session_state ?? null,
      expires_at: Math.floor(result.expiresOn.getTime() / 1000),
      profile: withoutProtocolClaims(result.idTokenClaims, settings),
      userState: fromAppState(result.state).data,
    })
  }

  /** Creates an end-session request. The app navigates to its URL. */
  async function createSignoutRequest(
    args: Original.CreateSignoutRequestArgs = {},
  ): Promise<{ url: string; state: State | undefined }> {
    const endpoint = await metadata.getEndSessionEndpoint()
    if (!endpoint) throw new Error('No end session endpoint')
    const { post_logout_redirect_uri = settings.post_logout_redirect_uri, id_token_hint } = args
    const isNamed = id_token_hint !== undefined || !post_logout_redirect_uri
    const state = post_logout_redirect_uri ? await storeState(args, settings) : undefined
    const parameters = texts({
      id_token_hint,
      client_id: args.client_id ?? (isNamed ? undefined : settings.client_id),
      post_logout_redirect_uri,
      state: state && stateParameter(state),
      ...(args.extraQueryParams ?? settings.extraQueryParams),
    })
    const url = new URL(endpoint)
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
    return { url: url.href, state }
  }

  const calls = {
    createSigninRequest,
    processSigninResponse,
    createSignoutRequest,
    processSignoutResponse: (url: string): Promise<SignoutResponse> =>
      completeSignOut(url, settings),
    clearStaleState: () =>
      State.clearStaleState(settings.stateStore, settings.staleStateAgeInSeconds),
  }

  return async function call(name: string, args: readonly unknown[]): Promise<unknown> {
    try {
      return await (calls as unknown as Functions)[name]?.(...args)
    } catch (error) {
      throw toOidcError(error)
    }
  }
}

type Functions = Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>
