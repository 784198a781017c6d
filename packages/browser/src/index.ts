/** The public names of @carnet/browser. */
export type {
  Account,
  AuthErrorCode,
  AuthorityProfile,
  BuiltScopes,
  Collection,
  ConsentEntry,
  ConsentPlan,
  ConsentRecord,
  ConsentState,
  Forecast,
  GraphPermission,
  IdTokenClaims,
  InteractionHint,
  InteractionReason,
  LogLevel,
  OAuthErrorDetails,
  RecordName,
  RecordStore,
  ScopeBuilder,
  ScopesInput,
  StoreChange,
  StoredRecord,
  TenantProfile,
} from '@carnet/core'
export {
  AuthError,
  InteractionRequiredError,
  isAuthError,
  isInteractionRequired,
} from '@carnet/core/base'
export { ScopeSet, scopeBuilder } from '@carnet/core/scopes'
export type { UserInfo } from '@carnet/core/user-info'
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
  SignOutOptions,
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
  UserInfoRequest,
} from './requests.ts'
export type { AuthenticationResult } from './result.ts'
export type { Snapshot } from './snapshot.ts'
