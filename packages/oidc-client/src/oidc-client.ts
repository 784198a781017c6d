import { isAuthError } from '@carnet/browser'
import type * as Original from 'oidc-client-ts'
import { connect } from './carnet/connection.ts'
import { MetadataService } from './carnet/metadata-service.ts'
import { requestOf, texts } from './carnet/requests.ts'
import { fromAppState } from './carnet/sent-state.ts'
import { NO_MATCHING_STATE, toOidcError } from './carnet/to-oidc-error.ts'
import { responseIn, withoutUrlState } from './flows/sign-in.ts'
import { completeSignOut, storedState } from './flows/sign-out.ts'
import { checkSettings, declined } from './values/declined.ts'
import { withoutProtocolClaims } from './values/profile.ts'
import type { SigninResponse, SignoutResponse } from './values/responses.ts'
import { OidcClientSettingsStore } from './values/settings.ts'
import { SigninState, State } from './values/states.ts'

const NO_REFRESH_TOKEN = 'Carnet keeps refresh tokens to itself; use `UserManager.signinSilent`.'

/** `OidcClient` of oidc-client-ts: requests and responses of one page, without a stored user. */
class Client {
  readonly settings: OidcClientSettingsStore
  readonly metadataService: MetadataService

  constructor(settings: Original.OidcClientSettings) {
    checkSettings(settings)
    this.settings = new OidcClientSettingsStore(settings)
    this.metadataService = new MetadataService(this.settings)
  }

  /** Creates an authorization request. The app navigates to its URL. */
  async createSigninRequest(
    args: Original.CreateSigninRequestArgs,
  ): Promise<{ url: string; state: SigninState }> {
    if (args.response_type !== undefined) checkSettings({ response_type: args.response_type })
    const { settings } = this
    const { auth, leaving } = await connect(settings)
    let url = ''
    const keep = async (text: string) => {
      url = text
      return false
    }
    const request = requestOf(args, settings)
    await leaving(keep, () => auth.signIn({ ...request, interaction: 'redirect' })).catch(
      (error) => {
        if (!url || !isAuthError(error, 'navigation_stopped')) throw toOidcError(error)
      },
    )
    const state = await SigninState.create({
      id: new URL(url).searchParams.get('state') ?? '',
      data: args.state,
      authority: settings.authority,
      client_id: settings.client_id,
      redirect_uri: args.redirect_uri ?? settings.redirect_uri,
      scope: args.scope ?? settings.scope,
    })
    return { url, state }
  }

  /** Redeems the code of a response. */
  async processSigninResponse(url: string): Promise<SigninResponse> {
    const response = responseIn(url, this.settings)
    const { auth } = await connect(this.settings)
    const completing = auth.completeRedirect(withoutUrlState(url, response.state))
    const result = await completing.catch((error) => {
      throw toOidcError(error)
    })
    if (!result) throw new Error(NO_MATCHING_STATE)
    return Object.assign(response, {
      id_token: result.idToken,
      access_token: result.accessToken,
      token_type: result.tokenType,
      scope: result.scopes.join(' '),
      expires_at: Math.floor(result.expiresOn.getTime() / 1000),
      profile: withoutProtocolClaims(result.idTokenClaims, this.settings),
      userState: fromAppState(result.state).data,
    })
  }

  /** Creates an end-session request. The app navigates to its URL. */
  async createSignoutRequest(
    args: Original.CreateSignoutRequestArgs = {},
  ): Promise<{ url: string }> {
    const { settings } = this
    const endpoint = await this.metadataService.getEndSessionEndpoint()
    if (!endpoint) throw new Error('No end session endpoint')
    const { post_logout_redirect_uri = settings.post_logout_redirect_uri, id_token_hint } = args
    const isNamed = id_token_hint !== undefined || !post_logout_redirect_uri
    const parameters = texts({
      id_token_hint,
      client_id: args.client_id ?? (isNamed ? undefined : settings.client_id),
      post_logout_redirect_uri,
      state: post_logout_redirect_uri && (await storedState(args, settings)),
      ...(args.extraQueryParams ?? settings.extraQueryParams),
    })
    const url = new URL(endpoint)
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
    return { url: url.href }
  }

  processSignoutResponse(url: string): Promise<SignoutResponse> {
    return completeSignOut(url, this.settings)
  }

  clearStaleState(): Promise<void> {
    return State.clearStaleState(this.settings.stateStore, this.settings.staleStateAgeInSeconds)
  }

  async readSigninResponseState(): Promise<never> {
    throw declined('readSigninResponseState', 'use `processSigninResponse`.')
  }

  async readSignoutResponseState(): Promise<never> {
    throw declined('readSignoutResponseState', 'use `processSignoutResponse`.')
  }

  async useRefreshToken(): Promise<never> {
    throw declined('useRefreshToken', NO_REFRESH_TOKEN)
  }

  async revokeToken(): Promise<never> {
    throw declined('revokeToken', 'use `UserManager.revokeTokens`.')
  }

  async processResourceOwnerPasswordCredentials(): Promise<never> {
    throw declined('processResourceOwnerPasswordCredentials', 'the app must not see the password.')
  }

  async getDpopProof(): Promise<never> {
    throw declined('dpop', 'use `@carnet/browser` with its option `dpop`.')
  }
}

export const OidcClient = Client as unknown as typeof Original.OidcClient
export type OidcClient = Original.OidcClient
