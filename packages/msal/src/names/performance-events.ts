/** The names of the performance events, with the values of `@azure/msal-browser`. */

export const AcquireTokenSilent = 'acquireTokenSilent'
export const AcquireTokenByCode = 'acquireTokenByCode'
export const AcquireTokenPopup = 'acquireTokenPopup'
export const AcquireTokenPreRedirect = 'acquireTokenPreRedirect'
export const AcquireTokenRedirect = 'acquireTokenRedirect'
export const SsoSilent = 'ssoSilent'
export const InitializeClientApplication = 'initializeClientApplication'
export const LocalStorageUpdated = 'localStorageUpdated'
export const LoadExternalTokens = 'loadExternalTokens'
export const SsoCapable = 'ssoCapable'
export const WaitForBridgeLateResponse = 'waitForBridgeLateResponse'
