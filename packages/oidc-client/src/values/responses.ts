import type * as Original from 'oidc-client-ts'
import { epochSeconds } from './timer.ts'

/** Separates the `state` from `url_state`, which the provider returns with it. */
export const URL_STATE_SEPARATOR = ';'

/** The parameters of a response in a URL, a fragment or a query. */
export function parametersOf(url: string, mode: 'query' | 'fragment' | undefined): URLSearchParams {
  const { hash, search } = new URL(url, 'http://127.0.0.1')
  return new URLSearchParams((mode === 'fragment' ? hash : search).slice(1))
}

/** A response of the provider, with its `state` in two parts. */
class ProviderResponse {
  readonly state: string | null
  /** Only a response with such a state has the member. */
  declare url_state?: string | undefined
  readonly error: string | null
  readonly error_description: string | null
  readonly error_uri: string | null
  userState: unknown

  constructor(parameters: URLSearchParams) {
    const [state, ...rest] = parameters.get('state')?.split(URL_STATE_SEPARATOR) ?? []
    this.state = state ?? null
    if (rest.length > 0) this.url_state = rest.join(URL_STATE_SEPARATOR)
    this.error = parameters.get('error')
    this.error_description = parameters.get('error_description')
    this.error_uri = parameters.get('error_uri')
  }
}

class TokenResponse extends ProviderResponse {
  readonly code: string | null
  session_state: string | null
  access_token = ''
  token_type = ''
  /** Always undefined: Carnet keeps refresh tokens to itself. */
  refresh_token: string | undefined
  id_token: string | undefined
  scope: string | undefined
  expires_at: number | undefined
  profile = {}

  constructor(parameters: URLSearchParams) {
    super(parameters)
    this.code = parameters.get('code')
    this.session_state = parameters.get('session_state')
  }

  get expires_in(): number | undefined {
    return this.expires_at === undefined ? undefined : this.expires_at - epochSeconds()
  }

  set expires_in(seconds: number | undefined) {
    if (seconds !== undefined && seconds >= 0)
      this.expires_at = Math.floor(Number(seconds)) + epochSeconds()
  }

  get isOpenId(): boolean {
    return this.scope?.split(' ').includes('openid') || this.id_token !== undefined
  }
}

export const SignoutResponse = ProviderResponse as unknown as typeof Original.SignoutResponse
export type SignoutResponse = Original.SignoutResponse
export const SigninResponse = TokenResponse as unknown as typeof Original.SigninResponse
export type SigninResponse = Original.SigninResponse
