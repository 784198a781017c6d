import type { Endpoint } from './endpoints.ts'
import type { JsonObject } from './json.ts'
import type { NonceMode } from './nonces.ts'

/** The settings of a running provider. A change takes effect with the next request. */
export interface Settings extends EntraSettings {
  /** Seconds. Default 3600. */
  accessTokenLifetime: number
  /** Seconds. Default 3600. */
  idTokenLifetime: number
  /** Seconds since the sign-in. Rotation does not extend it (RFC 9700 §4.14.2). Default 14 days. */
  refreshTokenLifetime: number
  /** The delay before a request is processed, for all endpoints or by endpoint. Default 0. */
  latencyMs: number | Partial<Record<Endpoint, number>>
  /** `offline_access`: only with that scope, which needs `prompt=consent`. Default `always`. */
  refreshTokens: 'always' | 'offline_access' | 'never'
  /** True: the replay of a rotated token ends the grant. Default true. */
  rotateRefreshTokens: boolean
  /** A rotated refresh token still works for this number of seconds, whatever `refreshTokenReuse` says. Default 0. */
  refreshTokenGrace: number
  /** `skip` grants all requested scopes and records nothing, except with `prompt=consent`. Default `ask`. */
  consent: 'ask' | 'skip'
  /** This user signs in without a page if there is no session. The Entra-like profile ignores it. Default null. */
  signInAs: string | null
  /** Changes members of the discovery document. A null deletes the member. Default {}. */
  discovery: JsonObject
  /**
   * The parameter by which an authorization request names its API. `audience`: as at Auth0, see `oidc/api-parameter.ts`. The
   * Entra-like profile ignores it. Default `resource` (RFC 8707).
   */
  apiParameter: 'resource' | 'audience'
  /** The Cross-Origin-Opener-Policy header of the pages. Default null: no header. */
  crossOriginOpenerPolicy: string | null
  /** The X-Frame-Options header of pages and of errors of the authorization endpoint. Default DENY. */
  frameOptions: string | null
  /** True if the response to a refresh contains an ID token. Default true. */
  signedIdTokenOnRefresh: boolean
  /** The answer of the APIs to a token after `revokeAccessTokens`; `insufficient_claims` demands a new `nbf`. Default `invalid_token`. */
  revokedTokens: 'invalid_token' | 'insufficient_claims'
  /** The strongest `acr` that a sign-in reaches, whatever `acr_values` asks for. Default `mfa`. */
  highestAcr: 'pwd' | 'mfa'
  /** `Access-Control-Expose-Headers` of all responses. Null exposes none. Default `WWW-Authenticate, Retry-After, DPoP-Nonce`. */
  exposedHeaders: string | null
  /** Request headers that preflights do not allow, in lower case, for example `dpop`. Default []. */
  refusedRequestHeaders: readonly string[]
  /**
   * Changes members of the metadata of the resources (RFC 9728). With an object, challenges name the metadata. Default null: no
   * metadata.
   */
  resourceMetadata: JsonObject | null
  /**
   * DPoP (RFC 9449). `off`: the provider ignores proofs and issues bearer tokens. `required`: clients get no other tokens.
   * Default `allowed`.
   */
  dpop: 'off' | 'allowed' | 'required'
  /** The nonces of the authorization server (RFC 9449 §8). Default `off`. */
  authorizationServerNonces: NonceMode
  /** The nonces of the APIs (RFC 9449 §9). Default `off`. */
  apiNonces: NonceMode
  /** The lifetime of a nonce, in seconds. Default 300. */
  nonceLifetime: number
  /** True: the token endpoint uses up a refresh token before it asks for a nonce, as a faulty server does. Default false. */
  burnsRefreshTokens: boolean
  /** How far the clock of the APIs is ahead, in seconds: for `iat` of proofs, and for their `Date` header. Default 0. */
  apiClockOffset: number
  /** True: authorization requests must be pushed (RFC 9126 §5). Default false. */
  requirePushedRequests: boolean
  /** True: token responses have `refresh_token_timeout` and `authorization_expires_in`. Default false. */
  announceRefreshTokenExpiry: boolean
}

/** The settings of the Entra-like profile. */
interface EntraSettings {
  /** The lifetime of a refresh token of a single-page app, in seconds since the sign-in. Default 24 hours. */
  spaRefreshTokenLifetime: number
  /**
   * `allowed`: a rotated refresh token still works, as on Entra. `ends`: its replay ends the whole grant (RFC 9700
   * §4.14.2). Default `allowed`.
   */
  refreshTokenReuse: 'allowed' | 'refused' | 'ends'
  /**
   * The `refresh_in` of token responses, in seconds. Default null: half of a lifetime of more than two hours; none in the
   * plain profile.
   */
  refreshIn: number | null
  /** The lifetime of a device code, in seconds; a change counts for issued codes too. Default 900. */
  deviceCodeLifetime: number
  /** The `interval` of a device, in seconds. Default 5. */
  deviceCodeInterval: number
  /** The type of the registered redirect URIs. Only scripts of `spa` get tokens (AADSTS9002326). Default `spa`. */
  redirectUriType: 'spa' | 'web'
  /** True: sign-ins and refresh tokens need a second factor (AADSTS50076). Default false. */
  mfaRequired: boolean
  /**
   * The claims challenge of the Graph-like API, and of `/api/claims` in the plain profile, as JSON. Other tokens get a 401.
   * Default null.
   */
  claimsChallenge: string | null
}

export const defaultSettings: Settings = {
  accessTokenLifetime: 3600,
  idTokenLifetime: 3600,
  refreshTokenLifetime: 14 * 24 * 60 * 60,
  latencyMs: 0,
  refreshTokens: 'always',
  rotateRefreshTokens: true,
  consent: 'ask',
  signInAs: null,
  discovery: {},
  apiParameter: 'resource',
  crossOriginOpenerPolicy: null,
  frameOptions: 'DENY',
  signedIdTokenOnRefresh: true,
  revokedTokens: 'invalid_token',
  highestAcr: 'mfa',
  exposedHeaders: 'WWW-Authenticate, Retry-After, DPoP-Nonce',
  refusedRequestHeaders: [],
  resourceMetadata: null,
  dpop: 'allowed',
  authorizationServerNonces: 'off',
  apiNonces: 'off',
  nonceLifetime: 300,
  burnsRefreshTokens: false,
  apiClockOffset: 0,
  requirePushedRequests: false,
  announceRefreshTokenExpiry: false,
  spaRefreshTokenLifetime: 24 * 60 * 60,
  refreshTokenReuse: 'allowed',
  refreshTokenGrace: 0,
  refreshIn: null,
  deviceCodeLifetime: 900,
  deviceCodeInterval: 5,
  redirectUriType: 'spa',
  mfaRequired: false,
  claimsChallenge: null,
}

export interface SettingsStore {
  get(): Readonly<Settings>
  change(changes: Partial<Settings>): void
  reset(): void
}

export function createSettingsStore(startValues: Partial<Settings> = {}): SettingsStore {
  const start = { ...defaultSettings, ...startValues }
  let current = start
  return {
    get: () => current,
    change(changes) {
      current = { ...current, ...changes }
    },
    reset() {
      current = start
    },
  }
}
