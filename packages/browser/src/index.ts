/** The public names of @carnet/browser. */
export {
  type Account,
  AuthError,
  type AuthErrorCode,
  type AuthorityProfile,
  type BuiltScopes,
  type Collection,
  type ConsentEntry,
  type ConsentPlan,
  type ConsentRecord,
  type ConsentState,
  type Forecast,
  type GraphPermission,
  type IdTokenClaims,
  type InteractionHint,
  type InteractionReason,
  InteractionRequiredError,
  isAuthError,
  isInteractionRequired,
  type LogLevel,
  type OAuthErrorDetails,
  type ScopeBuilder,
  ScopeSet,
  type ScopesInput,
  type StoreChange,
  type StoredRecord,
  scopeBuilder,
  type TenantProfile,
  type TokenStore,
} from '@carnet/core'
export type { AuthClient } from './auth-client.ts'
export type { Consent, ConsentQuestion } from './consent.ts'
export { createAuthClient } from './create-auth-client.ts'
export type { AuthEvents, TokenEvent } from './events.ts'
export type {
  AuthClientOptions,
  CacheOptions,
  InteractionOptions,
  LogEntry,
  RenewalOptions,
  SilentOptions,
} from './options.ts'
export type { PlannedRenewal } from './renewer.ts'
export type {
  AcquireTokenRequest,
  InteractiveRequest,
  SignOutRequest,
  SilentRequest,
  SsoRequest,
  TokenRequest,
} from './requests.ts'
export type { AuthenticationResult } from './result.ts'
