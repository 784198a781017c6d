import type { Endpoint } from './endpoints.ts'
import type { JsonObject } from './json.ts'

/** What can be changed while the provider runs; each change counts from the next request on. */
export interface Settings extends EntraSettings {
  /** Seconds. Default 3600. */
  accessTokenLifetime: number
  /** Seconds. Default 3600. */
  idTokenLifetime: number
  /** Seconds from the sign-in; rotation does not prolong it (RFC 9700 §4.14.2). Default 14 days. */
  refreshTokenLifetime: number
  /** How long a request waits before it is looked at, for all endpoints or for some. Default 0. */
  latencyMs: number | Partial<Record<Endpoint, number>>
  /** `offline_access`: only if that scope was granted, which takes `prompt=consent`. Default `always`. */
  refreshTokens: 'always' | 'offline_access' | 'never'
  /** Default true; the replay of a rotated token ends the grant. */
  rotateRefreshTokens: boolean
  /** `skip` grants whatever is asked, unless the request says `prompt=consent`, and remembers nothing. Default `ask`. */
  consent: 'ask' | 'skip'
  /** Who signs in without a page wherever nobody is signed in, by user name; nobody in the Entra-like profile. Default null. */
  signInAs: string | null
  /** Laid over the discovery document; null deletes a member. Default {}. */
  discovery: JsonObject
  /** Cross-Origin-Opener-Policy of the pages. Default null: not sent. */
  crossOriginOpenerPolicy: string | null
  /** X-Frame-Options of the pages and of the errors of the authorization endpoint. Default DENY. */
  frameOptions: string | null
  /** Whether a refresh is answered with an ID token. Default true. */
  signedIdTokenOnRefresh: boolean
}

/** What only the Entra-like profile looks at. */
interface EntraSettings {
  /** Seconds from the sign-in that a refresh token of a single-page app lives. Default 24 hours. */
  spaRefreshTokenLifetime: number
  /** Whether a refresh token that has been rotated still works; Entra lets it. Default `allowed`. */
  refreshTokenReuse: 'allowed' | 'refused'
  /** The `refresh_in` of token responses, seconds. Default null: half of a lifetime above two hours. */
  refreshIn: number | null
  /** The platform that redirect URIs are registered for: tokens go to scripts of `spa` only (AADSTS9002326). Default `spa`. */
  redirectUriType: 'spa' | 'web'
  /** Refuses sign-ins and refresh tokens without a second factor (AADSTS50076). Default false. */
  mfaRequired: boolean
  /** The claims challenge of the Graph-like API, as JSON: tokens that do not meet it get a 401. Default null. */
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
  crossOriginOpenerPolicy: null,
  frameOptions: 'DENY',
  signedIdTokenOnRefresh: true,
  spaRefreshTokenLifetime: 24 * 60 * 60,
  refreshTokenReuse: 'allowed',
  refreshIn: null,
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
