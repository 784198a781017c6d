import type {
  AccountInfo,
  AuthenticationResult,
  AuthorizationCodeRequest,
  BrowserConfiguration,
  ClearCacheRequest,
  Configuration,
  EndSessionPopupRequest,
  EndSessionRequest,
  EventCallbackFunction,
  EventType as EventTypes,
  HandleRedirectPromiseOptions,
  INavigationClient,
  InitializeApplicationRequest,
  IPublicClientApplication,
  PopupRequest,
  RedirectRequest,
  SilentRequest,
  SsoSilentRequest,
  WrapperSKU,
} from '@azure/msal-browser'
import type {
  AccountFilter,
  ExternalTokenResponse,
  Logger,
  PerformanceCallbackFunction,
} from '@azure/msal-common/browser'
import { unsupported } from '../errors/unsupported.ts'
import { EventType, OIDC_DEFAULT_SCOPES } from '../names/constants.ts'
import { createGuid } from '../page/create-guid.ts'
import { createParts, type Parts } from './parts.ts'

/** An application object of `@azure/msal-browser` that runs on Carnet. Its members have the meaning that they have there. */
export class PublicClientApplication implements IPublicClientApplication {
  readonly #parts: Parts

  /** It opens nothing and sends nothing, and works outside of a browser. */
  constructor(configuration: Configuration, _controller?: unknown) {
    this.#parts = createParts(configuration)
  }

  /** Creates an application object that is initialized. */
  static async createPublicClientApplication(
    configuration: Configuration,
  ): Promise<IPublicClientApplication> {
    const application = new PublicClientApplication(configuration)
    await application.initialize()
    return application
  }

  initialize(request?: InitializeApplicationRequest): Promise<void> {
    return this.#parts.initialize(request?.correlationId)
  }

  async handleRedirectPromise(
    options?: HandleRedirectPromiseOptions | string,
  ): Promise<AuthenticationResult | null> {
    this.#parts.assertInitialized()
    if (typeof window === 'undefined') return null
    return this.#parts.handleRedirect(options)
  }

  acquireTokenSilent(silentRequest: SilentRequest): Promise<AuthenticationResult> {
    return this.#parts.silent.acquireTokenSilent(silentRequest)
  }

  ssoSilent(request: SsoSilentRequest): Promise<AuthenticationResult> {
    return this.#parts.flow((flows) => flows.ssoSilent(request))
  }

  acquireTokenPopup(request: PopupRequest): Promise<AuthenticationResult> {
    return this.#parts.flow((flows) => flows.interactions.acquireTokenPopup(request))
  }

  acquireTokenRedirect(request: RedirectRequest): Promise<void> {
    return this.#parts.flow((flows) => flows.interactions.acquireTokenRedirect(request))
  }

  loginPopup(request?: PopupRequest): Promise<AuthenticationResult> {
    return this.acquireTokenPopup(toLogin(request))
  }

  loginRedirect(request?: RedirectRequest): Promise<void> {
    return this.acquireTokenRedirect(toLogin(request))
  }

  async acquireTokenByCode(request: AuthorizationCodeRequest): Promise<AuthenticationResult> {
    throw unsupported(
      '`acquireTokenByCode`',
      'Redeem the code at the server that requested it, and pass the tokens to `loadExternalTokens`.',
      request.correlationId || createGuid(),
    )
  }

  logoutRedirect(logoutRequest?: EndSessionRequest): Promise<void> {
    return this.#parts.flow((flows) => flows.signOut.logoutRedirect(logoutRequest))
  }

  logoutPopup(logoutRequest?: EndSessionPopupRequest): Promise<void> {
    return this.#parts.flow((flows) => flows.signOut.logoutPopup(logoutRequest))
  }

  /** Of versions 3 and 4: the name of `logoutRedirect` in version 2. */
  logout(logoutRequest?: EndSessionRequest): Promise<void> {
    return this.logoutRedirect(logoutRequest)
  }

  clearCache(logoutRequest?: ClearCacheRequest): Promise<void> {
    return this.#parts.flow((flows) => flows.signOut.clearCache(logoutRequest))
  }

  getAllAccounts(accountFilter?: AccountFilter): AccountInfo[] {
    return this.#parts.accounts.all(accountFilter)
  }

  getAccount(accountFilter: AccountFilter): AccountInfo | null {
    return this.#parts.accounts.first(accountFilter)
  }

  /** Of version 3. */
  getAccountByHomeId(homeAccountId: string): AccountInfo | null {
    return this.getAccount({ homeAccountId })
  }

  /** Of version 3. */
  getAccountByLocalId(localAccountId: string): AccountInfo | null {
    return this.getAccount({ localAccountId })
  }

  /** Of version 3. */
  getAccountByUsername(username: string): AccountInfo | null {
    return this.getAccount({ username })
  }

  getActiveAccount(): AccountInfo | null {
    return this.#parts.active.get()
  }

  setActiveAccount(account: AccountInfo | null): void {
    this.#parts.active.set(account)
    this.#parts.events.emitEvent(EventType.ACTIVE_ACCOUNT_CHANGED, createGuid())
  }

  addEventCallback(callback: EventCallbackFunction, eventTypes?: Array<EventTypes>): string | null {
    return this.#parts.events.addEventCallback(callback, eventTypes)
  }

  removeEventCallback(callbackId: string): void {
    this.#parts.events.removeEventCallback(callbackId)
  }

  /** Carnet measures nothing: `trace` of its own results has the steps of a call. */
  addPerformanceCallback(_callback: PerformanceCallbackFunction): string {
    return createGuid()
  }

  removePerformanceCallback(_callbackId: string): boolean {
    return true
  }

  /** Of version 3. Accounts of other tabs are always announced. */
  enableAccountStorageEvents(): void {}

  /** Of version 3. */
  disableAccountStorageEvents(): void {}

  /** Of versions 3 and 4. */
  getTokenCache() {
    return {
      loadExternalTokens: (
        request: SilentRequest,
        response: ExternalTokenResponse,
        options: object = {},
      ): Promise<AuthenticationResult> => this.#parts.loadTokens(request, response, options),
    }
  }

  async hydrateCache(
    result: AuthenticationResult,
    request: SilentRequest | SsoSilentRequest | RedirectRequest | PopupRequest,
  ): Promise<void> {
    return this.#parts.hydrate(result, request)
  }

  getLogger(): Logger {
    return this.#parts.logger()
  }

  setLogger(logger: Logger): void {
    this.#parts.setLogger(logger)
  }

  /** Wrappers tell their name, which Carnet does not send. */
  initializeWrapperLibrary(_sku: WrapperSKU, _version: string): void {}

  setNavigationClient(navigationClient: INavigationClient): void {
    this.#parts.setNavigationClient(navigationClient)
  }

  getConfiguration(): BrowserConfiguration {
    return this.#parts.config
  }
}

/** A sign-in without a request asks for the default scopes. */
const toLogin = <Request extends PopupRequest | RedirectRequest>(request?: Request) => ({
  correlationId: createGuid(),
  ...(request ?? { scopes: OIDC_DEFAULT_SCOPES }),
})
