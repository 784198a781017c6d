/** The enumerations and constants of `@azure/msal-browser`, with the same values. */

export const InteractionType = {
  Redirect: 'redirect',
  Popup: 'popup',
  Silent: 'silent',
  None: 'none',
} as const

export const InteractionStatus = {
  Startup: 'startup',
  Logout: 'logout',
  AcquireToken: 'acquireToken',
  HandleRedirect: 'handleRedirect',
  None: 'none',
} as const

export const BrowserCacheLocation = {
  LocalStorage: 'localStorage',
  SessionStorage: 'sessionStorage',
  MemoryStorage: 'memoryStorage',
} as const

export const WrapperSKU = {
  React: '@azure/msal-react',
  Angular: '@azure/msal-angular',
} as const

export const ApiId = {
  acquireTokenRedirect: 861,
  acquireTokenPopup: 862,
  ssoSilent: 863,
  acquireTokenSilent_authCode: 864,
  handleRedirectPromise: 865,
  acquireTokenByCode: 866,
  acquireTokenSilent_silentFlow: 61,
  logout: 961,
  logoutPopup: 962,
  hydrateCache: 963,
  loadExternalTokens: 964,
} as const

export const CacheLookupPolicy = {
  Default: 0,
  AccessToken: 1,
  AccessTokenAndRefreshToken: 2,
  RefreshToken: 3,
  RefreshTokenAndNetwork: 4,
  Skip: 5,
} as const

export const EventType = {
  INITIALIZE_START: 'msal:initializeStart',
  INITIALIZE_END: 'msal:initializeEnd',
  ACTIVE_ACCOUNT_CHANGED: 'msal:activeAccountChanged',
  LOGIN_SUCCESS: 'msal:loginSuccess',
  ACQUIRE_TOKEN_START: 'msal:acquireTokenStart',
  BROKERED_REQUEST_START: 'msal:brokeredRequestStart',
  ACQUIRE_TOKEN_SUCCESS: 'msal:acquireTokenSuccess',
  BROKERED_REQUEST_SUCCESS: 'msal:brokeredRequestSuccess',
  ACQUIRE_TOKEN_FAILURE: 'msal:acquireTokenFailure',
  BROKERED_REQUEST_FAILURE: 'msal:brokeredRequestFailure',
  ACQUIRE_TOKEN_NETWORK_START: 'msal:acquireTokenFromNetworkStart',
  HANDLE_REDIRECT_START: 'msal:handleRedirectStart',
  HANDLE_REDIRECT_END: 'msal:handleRedirectEnd',
  POPUP_OPENED: 'msal:popupOpened',
  LOGOUT_START: 'msal:logoutStart',
  LOGOUT_SUCCESS: 'msal:logoutSuccess',
  LOGOUT_FAILURE: 'msal:logoutFailure',
  LOGOUT_END: 'msal:logoutEnd',
  RESTORE_FROM_BFCACHE: 'msal:restoreFromBFCache',
  BROKER_CONNECTION_ESTABLISHED: 'msal:brokerConnectionEstablished',
} as const

export const AuthenticationScheme = {
  BEARER: 'Bearer',
  POP: 'pop',
  DPOP: 'DPoP',
  SSH: 'ssh-cert',
} as const

export const ResponseMode = {
  QUERY: 'query',
  FRAGMENT: 'fragment',
  FORM_POST: 'form_post',
} as const

export const PromptValue = {
  LOGIN: 'login',
  SELECT_ACCOUNT: 'select_account',
  CONSENT: 'consent',
  NONE: 'none',
  CREATE: 'create',
  NO_SESSION: 'no_session',
}

export const JsonWebTokenTypes = {
  Jwt: 'JWT',
  Jwk: 'JWK',
  Pop: 'pop',
  Dpop: 'dpop+jwt',
} as const

export const OIDC_DEFAULT_SCOPES = ['openid', 'profile', 'offline_access']

/** The timeout of a hidden iframe, in milliseconds. */
export const DEFAULT_IFRAME_TIMEOUT_MS = 10_000

/** The name of the package that apps import. Loggers and wrappers show it. */
export const NAME = '@azure/msal-browser'

/** The version of `@azure/msal-browser` whose names this package has. */
export const version = '5.29.0'
