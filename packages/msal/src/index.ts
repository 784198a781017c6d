/** The names of `@azure/msal-browser` 5 that work on Carnet. The published types are those of the original. */

export {
  AuthError,
  AuthErrorCodes,
  AuthenticationHeaderParser,
  AzureCloudInstance,
  ClientAuthError,
  ClientAuthErrorCodes,
  ClientConfigurationError,
  ClientConfigurationErrorCodes,
  enforceResourceParameter,
  InteractionRequiredAuthError,
  InteractionRequiredAuthErrorCodes,
  Logger,
  LogLevel,
  ProtocolMode,
  ServerError,
  StubPerformanceClient,
} from '@azure/msal-common/browser'
export {
  createNestablePublicClientApplication,
  createStandardPublicClientApplication,
  isPlatformBrokerAvailable,
  loadExternalTokens,
} from './client/create.ts'
export {
  BrowserPerformanceClient,
  BrowserPerformanceMeasurement,
  SignedHttpRequest,
} from './client/declined.ts'
export { PublicClientApplication } from './client/public-client-application.ts'
export { stubbedPublicClientApplication } from './client/stubbed.ts'
export { BrowserAuthError } from './errors/browser-auth-error.ts'
export { BrowserConfigurationAuthError } from './errors/browser-configuration-auth-error.ts'
export { EventHandler } from './events/event-handler.ts'
export { EventMessageUtils } from './events/event-message-utils.ts'
export * as BrowserAuthErrorCodes from './names/browser-auth-error-codes.ts'
export * as BrowserConfigurationAuthErrorCodes from './names/browser-configuration-auth-error-codes.ts'
export {
  ApiId,
  AuthenticationScheme,
  BrowserCacheLocation,
  CacheLookupPolicy,
  DEFAULT_IFRAME_TIMEOUT_MS,
  EventType,
  InteractionStatus,
  InteractionType,
  JsonWebTokenTypes,
  OIDC_DEFAULT_SCOPES,
  PromptValue,
  ResponseMode,
  version,
  WrapperSKU,
} from './names/constants.ts'
export * as BrowserRootPerformanceEvents from './names/performance-events.ts'
export * as BrowserUtils from './page/browser-utils.ts'
export { NavigationClient } from './page/navigation-client.ts'
export { LocalStorage, MemoryStorage, SessionStorage } from './page/web-storage.ts'
