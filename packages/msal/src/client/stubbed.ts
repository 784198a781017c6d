import type { IPublicClientApplication } from '@azure/msal-browser'
import { BrowserConfigurationAuthError } from '../errors/browser-configuration-auth-error.ts'

const failure = () =>
  new BrowserConfigurationAuthError('stubbed_public_client_application_called', '')
const reject = (): Promise<never> => Promise.reject(failure())
const fail = (): never => {
  throw failure()
}
const ignore = () => undefined
const none = () => null

/** The application object of a context without a provider. Calls reject with an error that names the mistake. */
export const stubbedPublicClientApplication: IPublicClientApplication = {
  initialize: reject,
  handleRedirectPromise: reject,
  acquireTokenPopup: reject,
  acquireTokenRedirect: reject,
  acquireTokenSilent: reject,
  acquireTokenByCode: reject,
  loginPopup: reject,
  loginRedirect: reject,
  logoutRedirect: reject,
  logoutPopup: reject,
  ssoSilent: reject,
  hydrateCache: reject,
  clearCache: reject,
  getAllAccounts: () => [],
  getAccount: none,
  getActiveAccount: none,
  setActiveAccount: ignore,
  addEventCallback: none,
  removeEventCallback: ignore,
  addPerformanceCallback: () => '',
  removePerformanceCallback: () => false,
  getLogger: fail,
  setLogger: ignore,
  initializeWrapperLibrary: ignore,
  setNavigationClient: ignore,
  getConfiguration: fail,
}
