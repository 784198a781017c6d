import type * as Original from 'oidc-client-ts'
import { defaultStore } from './stores.ts'

/** The given settings over the defaults. A setting of `undefined` counts as omitted. */
function filled(defaults: object, given: object): object {
  const set = Object.entries(given).filter(([, value]) => value !== undefined)
  return { ...defaults, ...Object.fromEntries(set) }
}

const DISCOVERY_PATH = '.well-known/openid-configuration'

const clientDefaults = ({ authority, stateStore }: Original.OidcClientSettings) => ({
  // A callback page may give no settings at all.
  metadataUrl: authority && `${authority.replace(/\/?$/, '/')}${DISCOVERY_PATH}`,
  response_type: 'code',
  scope: 'openid',
  client_authentication: 'client_secret_post',
  token_endpoint_auth_signing_alg: 'HS256',
  filterProtocolClaims: true,
  loadUserInfo: false,
  staleStateAgeInSeconds: 900,
  mergeClaimsStrategy: { array: 'replace' },
  disablePKCE: false,
  stateStore: stateStore ?? defaultStore('localStorage'),
  fetchRequestCredentials: 'same-origin',
  extraQueryParams: {},
  extraTokenParams: {},
  extraHeaders: {},
  omitScopeWhenRequesting: false,
})

const managerDefaults = (given: Original.UserManagerSettings) => ({
  ...clientDefaults(given),
  popup_redirect_uri: given.redirect_uri,
  popup_post_logout_redirect_uri: given.post_logout_redirect_uri,
  popupWindowFeatures: {
    location: false,
    toolbar: false,
    height: 640,
    closePopupWindowAfterInSeconds: -1,
  },
  popupWindowTarget: '_blank',
  redirectMethod: 'assign',
  redirectTarget: 'self',
  silent_redirect_uri: given.redirect_uri,
  silentRequestTimeoutInSeconds: given.requestTimeoutInSeconds || 10,
  automaticSilentRenew: true,
  validateSubOnSilentRenew: true,
  includeIdTokenInSilentRenew: false,
  monitorSession: false,
  monitorAnonymousSession: false,
  checkSessionIntervalInSeconds: 2,
  query_status_response_type: 'code',
  stopCheckSessionOnError: true,
  revokeTokenTypes: ['access_token', 'refresh_token'],
  revokeTokensOnSignout: false,
  includeIdTokenInSilentSignout: false,
  accessTokenExpiringNotificationTimeInSeconds: 60,
  userStore: given.userStore ?? defaultStore('sessionStorage'),
})

class ClientSettings {
  constructor(given: Original.OidcClientSettings) {
    Object.assign(this, filled(clientDefaults(given), given))
  }
}

class ManagerSettings {
  constructor(given: Original.UserManagerSettings) {
    Object.assign(this, filled(managerDefaults(given), given))
  }
}

/** The settings with all defaults filled in. */
export const OidcClientSettingsStore =
  ClientSettings as unknown as typeof Original.OidcClientSettingsStore
export type OidcClientSettingsStore = Original.OidcClientSettingsStore
export const UserManagerSettingsStore =
  ManagerSettings as unknown as typeof Original.UserManagerSettingsStore
export type UserManagerSettingsStore = Original.UserManagerSettingsStore
