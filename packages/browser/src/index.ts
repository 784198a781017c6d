/** The public names of @carnet/browser. */
export {
  type Account,
  AuthError,
  type AuthErrorCode,
  type Collection,
  type IdTokenClaims,
  type InteractionHint,
  type InteractionReason,
  InteractionRequiredError,
  isAuthError,
  isInteractionRequired,
  type LogLevel,
  type OAuthErrorDetails,
  type StoreChange,
  type StoredRecord,
  type TokenStore,
} from '@carnet/core'
export type { AuthClient } from './auth-client.ts'
export { createAuthClient } from './create-auth-client.ts'
export type { AuthEvents, TokenEvent } from './events.ts'
export type {
  AuthClientOptions,
  CacheOptions,
  InteractionOptions,
  LogEntry,
  SilentOptions,
} from './options.ts'
export type {
  AcquireTokenRequest,
  InteractiveRequest,
  SignOutRequest,
  SilentRequest,
  SsoRequest,
  TokenRequest,
} from './requests.ts'
export type { AuthenticationResult } from './result.ts'
